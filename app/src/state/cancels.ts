/** Runs that are being cancelled, and those whose cancellation failed. */
import { client } from "./client.js";
import { store } from "./store.js";
import { forget, tasksChanged } from "./tasks.js";

/** Requests at a time; each has a time limit that begins with it. */
const AT_ONCE = 8;

/** By task. What is cancelled leaves the list of tasks. */
export const cancels = store<ReadonlyMap<number, "under way" | "failed">>(new Map());

/** Cancels tasks, and leaves those in the list that could not be cancelled. */
export async function cancel(ids: readonly number[]): Promise<void> {
  note(ids, "under way");
  for (let at = 0; at < ids.length; at += AT_ONCE)
    await Promise.all(ids.slice(at, at + AT_ONCE).map(cancelOne));
  tasksChanged();
}

async function cancelOne(id: number): Promise<void> {
  // Never rejects. A task that has finished meanwhile is in the list as such.
  const outcome = await client.task(id).cancel();
  if (outcome === "yes") forget(id);
  note([id], outcome === "yes" ? undefined : "failed");
}

function note(ids: readonly number[], state: "under way" | "failed" | undefined): void {
  cancels.update((all) => {
    const next = new Map(all);
    for (const id of ids)
      if (state) next.set(id, state);
      else next.delete(id);
    return next;
  });
}

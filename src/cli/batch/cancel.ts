/** Takes the unfinished tasks of a batch off the server when it is stopped. */
import type { Client } from "../../index.js";
import { matchTasks } from "./create-once.js";
import type { Ledger } from "./ledger.js";

/** Tasks that are on record and have not ended, also those of an earlier process. */
function unfinished(ledger: Ledger): number[] {
  return [...ledger.entries.values()].flatMap(({ shots }) =>
    shots.flatMap(({ task, files, error }) =>
      task === undefined || files !== undefined || error !== undefined ? [] : [task],
    ),
  );
}

/** Cancels the tasks on record. Never throws. */
export async function cancelKnown(client: Client, ledger: Ledger): Promise<void> {
  await Promise.all(unfinished(ledger).map((id) => client.task(id).cancel()));
}

/** Looks for tasks of creates that nobody learnt the answer of, and cancels them. Never throws. */
export async function cancelOpen(
  client: Client,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  const entries = [...ledger.entries.values()].filter(({ open }) => open.length > 0);
  const taken = new Set(
    [...ledger.entries.values()].flatMap(({ shots }) => shots.flatMap(({ task }) => task ?? [])),
  );
  for (const flow of new Set(entries.map((entry) => entry.flow))) {
    const tasks = await client.tasks({ flow }, { signal }).catch(() => []);
    for (const entry of entries)
      for (const { shots, after } of entry.flow === flow ? entry.open : []) {
        const seeds = shots.flatMap((index) => entry.shots[index]?.seed ?? []);
        const found = matchTasks(tasks, { params: {}, seeds, after }, (id) => taken.has(id));
        for (const id of found) if (id !== null) await client.task(id).cancel();
      }
  }
}

/** Stops tasks on the server. Loaded when a run is stopped. */
import { cancelTask } from "./api-more.js";
import { readTask } from "./api-watch.js";
import type { Context } from "./context.js";
import type { Cancelled } from "./errors.js";
import { mapParallel } from "./parallel.js";

/** How long the server is given to answer that tasks are cancelled, in ms. */
export const CANCEL_BUDGET_MS = 5000;

/** Asks the server to cancel tasks and looks whether they are gone. Takes bounded time, never throws. */
export async function cancelTasks({ api }: Context, ids: readonly number[]): Promise<Cancelled> {
  const deadline = Date.now() + CANCEL_BUDGET_MS;
  const outcomes = await mapParallel(ids, async (id): Promise<Cancelled> => {
    const signal = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
    try {
      await cancelTask(api, id, signal);
      // The server says yes to a finished task as well, and keeps it.
      await readTask(api, id, signal);
      return "no";
    } catch (error) {
      return (error as { code?: string }).code === "task_not_found" ? "yes" : "unknown";
    }
  });
  return outcomes.find((outcome) => outcome !== "yes") ?? "yes";
}

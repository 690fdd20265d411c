/** Restarts a failed task, which counts as unfinished again from then on. */
import { restartTask } from "../http/endpoints.js";
import { mayHaveHappened } from "./happened.js";
import { isUnfinished } from "./quota.js";
import type { Route } from "./routes.js";
import type { Tools } from "./tools.js";

export async function restart(
  { api, ownership, quota }: Tools,
  { id, force }: Extract<Route, { action: "restart" }>,
  owner: string,
  signal: AbortSignal,
): Promise<void> {
  const task = await ownership.read(id, owner, signal);
  if (isUnfinished(task)) {
    await restartTask(api, id, { force, signal });
    return;
  }
  const places = await quota.take(owner, ownership.newCreate(), 1, signal, id);
  try {
    await restartTask(api, id, { force, signal });
    // The server's list shows it from now on.
    places.free();
  } catch (error) {
    if (mayHaveHappened(signal)) places.keep();
    else places.free();
    throw error;
  }
}

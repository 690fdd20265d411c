/** Stops the tasks of a run, once. */
import { cancelTasks } from "./cancel.js";
import type { Cancelled } from "./errors.js";
import { idsOf, type Scope } from "./run.js";

/** Has the server cancel what is not finished; once, however many waits are stopped. */
export function cancelScope(scope: Scope): Promise<Cancelled> {
  scope.cancelling ??= cancelTasks(scope.context, idsOf(scope)).then((cancelled) => {
    if (cancelled === "unknown") scope.cancelling = undefined;
    return cancelled;
  });
  return scope.cancelling;
}

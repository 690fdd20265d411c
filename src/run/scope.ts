/** Tasks that are waited for together, and what to do when the wait is stopped. */
import type { Cancelled } from "../errors/errors.js";
import type { Api } from "../http/api.js";
import { cancelTasks, noteCancellation } from "../tasks/cancel.js";
import { isStop, stopper, type Stopper } from "../time/stop.js";
import type { Watcher } from "../watch/watcher.js";
import type { StopOptions, Task } from "./run.js";

/** What handles on tasks work with. */
export interface TaskTools {
  readonly api: Api;
  readonly watcher: Watcher;
}

export interface Scope extends TaskTools {
  readonly tasks: readonly Task[];
  /** Stopping the wait cancels the tasks. */
  readonly owned: boolean;
  /** Given to the call that made the run. */
  readonly signal?: AbortSignal | undefined;
  /** By the client's clock. */
  readonly deadline?: number | undefined;
  /** Nothing is left to cancel: all tasks were seen to end. */
  over?: boolean;
  /** Stops listening to `signal`. */
  disarm?: (() => void) | undefined;
  /** The server is being told, or has been. */
  cancelling?: Promise<Cancelled> | undefined;
}

/** Ids of the tasks of a scope. */
export function idsOf({ tasks }: Pick<Scope, "tasks">): number[] {
  return tasks.map(({ id }) => id);
}

/** The stops of one wait: the caller's, and those of the run. Release it when the wait is over. */
export function stopperOf(
  scope: Scope,
  { signal, timeoutMs = Infinity }: StopOptions,
  left?: AbortSignal,
): Stopper {
  const { clock } = scope.api;
  return stopper(
    clock,
    [scope.signal, signal, left],
    Math.min(timeoutMs, (scope.deadline ?? Infinity) - clock.now()),
    `Task ${idsOf(scope).join(", ")}`,
  );
}

/** Has the server cancel what is not finished; once, however many waits are stopped. */
export function cancelScope(scope: Scope): Promise<Cancelled> {
  scope.cancelling ??= cancelTasks(scope.api, idsOf(scope)).then((cancelled) => {
    if (cancelled === "unknown") scope.cancelling = undefined;
    return cancelled;
  });
  return scope.cancelling;
}

/** Completes the error of a wait; tells the server where the caller gave up what is ours. */
export async function ended(scope: Scope, error: unknown): Promise<unknown> {
  if (isStop(error)) {
    Object.assign(error, { taskIds: idsOf(scope) });
    if (scope.owned) await noteCancellation(scope.api.clock, error, () => cancelScope(scope));
  }
  return error;
}

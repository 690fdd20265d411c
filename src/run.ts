/** A run: one call of a flow, and the tasks that came of it. */
import type { Context } from "./context.js";
import type { AbortError, Cancelled, TimeoutError, VisionatrixError } from "./errors.js";
import type { StopOptions, WaitOptions } from "./options.js";
import type { ResultFile } from "./result-file.js";
import type { TaskState } from "./state.js";
import { isStop, stopper, unlessAborted, type Stopper } from "./stop.js";
import type { Task } from "./task.js";

/** How far a run is. */
export interface Progress {
  /** 0–100, the mean of the tasks; 100 when all are done. */
  readonly percent: number;
  /** Of all its tasks, the one that is furthest from done. */
  readonly state: TaskState;
  readonly tasks: readonly { id: number; state: TaskState; percent: number }[];
  /** Why the server cannot be asked at the moment; the wait goes on. */
  readonly trouble?: VisionatrixError | undefined;
}

/** What a run made. */
export interface RunResult {
  /** All files of all tasks, in the order of tasks, nodes and indices. */
  readonly files: readonly ResultFile[];
  readonly tasks: readonly Task[];
}

/** Something that can be waited for. */
export interface Waitable {
  /**
   * Waits for the end.
   * @throws TaskFailedError, TaskGoneError, AbortError, TimeoutError, or what kept the server from
   * being asked for longer than the outage budget
   */
  result(options?: WaitOptions): Promise<RunResult>;
  /** Yields at every change; throws like `result`. */
  progress(options?: StopOptions): AsyncIterableIterator<Progress>;
}

/** One call of a flow: one task, or `count` of them. */
export interface Run extends Waitable, AsyncDisposable {
  /** Flow id. */
  readonly flow: string;
  readonly tasks: readonly Task[];
  /** Cancels what is not finished, and says what came of it. Takes at most 5 s, never throws. */
  cancel(): Promise<Cancelled>;
  toJSON(): { flow: string; tasks: readonly Task[] };
}

/** A run that is being submitted: await it for the run, or ask it for the result at once. */
export interface PendingRun extends Promise<Run>, Waitable {}

/** Tasks that are waited for, and what to do when the wait is stopped. */
export interface Scope {
  readonly context: Context;
  readonly tasks: readonly Task[];
  /** Stopping the wait cancels the tasks. */
  readonly owned: boolean;
  /** Given to the call that made the run. */
  readonly signal?: AbortSignal | undefined;
  readonly deadline?: number | undefined;
  /** Nothing is left to cancel: all tasks were seen to end. */
  over?: boolean;
  /** Stops listening to `signal`. */
  disarm?: (() => void) | undefined;
  /** The server is being told, or has been. */
  cancelling?: Promise<Cancelled> | undefined;
}

/** Ids of the tasks of a scope. */
export function idsOf({ tasks }: Scope): number[] {
  return tasks.map(({ id }) => id);
}

/** The stops of one wait: the caller's, and those of the run. Release it when the wait is over. */
export function stopperOf(
  scope: Scope,
  { signal, timeoutMs = Infinity }: StopOptions,
  left?: AbortSignal,
): Stopper {
  return stopper(
    [scope.signal, signal, left],
    Math.min(timeoutMs, (scope.deadline ?? Infinity) - Date.now()),
    `Task ${idsOf(scope).join(", ")}`,
  );
}

/** Has the server cancel what is not finished. */
async function cancel(scope: Scope): Promise<Cancelled> {
  const { cancelScope } = await import("./later/run.js");
  return cancelScope(scope);
}

/** Completes the error of a wait; tells the server where the caller gave up what is ours. */
export async function ended(scope: Scope, error: unknown): Promise<unknown> {
  if (isStop(error)) {
    Object.assign(error, { taskIds: idsOf(scope) });
    if (scope.owned) await noteCancellation(error, () => cancel(scope));
  }
  return error;
}

/** A stopped wait ends within this time, whatever the server does, in ms. */
const STOP_GRACE_MS = 30;

/**
 * Completes the error of a wait that was stopped: has the server told, and notes on the error what came
 * of it, later if the server is slow.
 */
export async function noteCancellation(
  error: AbortError | TimeoutError,
  cancel: () => Promise<Cancelled>,
): Promise<void> {
  error.cancelled = "unknown";
  const noted = cancel().then(
    (cancelled) => {
      error.cancelled = cancelled;
    },
    () => undefined,
  );
  await Promise.race([noted, new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS))]);
}

/** An iterator that loads when it is asked for, and that when left ends its wait at once. */
export function leavable<T>(
  open: (left: AbortController) => Promise<AsyncIterable<T>>,
): AsyncGenerator<T, void> {
  const left = new AbortController();
  const stream = (async function* () {
    yield* await open(left);
  })();
  const leave = stream.return.bind(stream);
  // Also while it waits for its next value.
  stream.return = (value) => {
    left.abort();
    return leave(value);
  };
  return stream;
}

/** Makes `result` and `progress` for tasks that exist. */
export function waitable(scope: Scope): Waitable {
  return {
    async result(options = {}) {
      const { signal, release } = stopperOf(scope, options);
      try {
        const { resultOf } = await unlessAborted(import("./later/run.js"), signal);
        return await resultOf(scope, options, signal);
      } catch (error) {
        throw await ended(scope, error);
      } finally {
        release();
      }
    },
    progress: (options = {}) =>
      leavable(async (left) => {
        const { progressOf } = await import("./later/run.js");
        return progressOf(scope, options, left);
      }),
  };
}

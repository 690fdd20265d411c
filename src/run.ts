/** A run: one call of a flow, and the tasks that came of it. */
import type { Context } from "./context.js";
import type { Cancelled, VisionatrixError } from "./errors.js";
import type { StopOptions, WaitOptions } from "./options.js";
import { mapParallel } from "./parallel.js";
import { resultFiles, type ResultFile } from "./result-file.js";
import type { TaskState } from "./state.js";
import { isStop, onAbort, stopper, type Stopper } from "./stop.js";
import type { Task } from "./task.js";
import { noteCancellation, waitForAll } from "./wait.js";

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

/** Has the server cancel what is not finished; once, however many waits are stopped. */
export function cancelScope(scope: Scope): Promise<Cancelled> {
  scope.cancelling ??= import("./cancel.js")
    .then(({ cancelTasks }) => cancelTasks(scope.context, idsOf(scope)))
    .then((cancelled) => {
      if (cancelled === "unknown") scope.cancelling = undefined;
      return cancelled;
    });
  return scope.cancelling;
}

/** Notes that all tasks were seen to end. */
export function finished(scope: Scope): void {
  scope.over = true;
  scope.disarm?.();
}

/** Completes the error of a wait; tells the server where the caller gave up what is ours. */
export async function ended(scope: Scope, error: unknown, left = false): Promise<unknown> {
  const { code } = error as { code?: string };
  if (code === "task_failed" || code === "task_gone") finished(scope);
  if (isStop(error)) {
    Object.assign(error, { taskIds: idsOf(scope) });
    if (scope.owned) await noteCancellation(error, () => cancelScope(scope));
  } else if (left && scope.owned) void cancelScope(scope);
  return error;
}

/** Has an iterator that is left end its wait at once, also while it waits for its next value. */
export function leavable<T>(
  stream: AsyncGenerator<T, void>,
  left: AbortController,
): AsyncGenerator<T, void> {
  const leave = stream.return.bind(stream);
  stream.return = (value) => {
    left.abort();
    return leave(value);
  };
  return stream;
}

/** Makes `result` and `progress` for tasks that exist. */
export function waitable(scope: Scope): Waitable {
  const { context, tasks } = scope;
  return {
    async result(options = {}) {
      const { signal, release } = stopperOf(scope, options);
      // An error of the caller's own callback is handed on as it is, and counts as leaving.
      let left = false as boolean;
      try {
        const views = await waitForAll(
          context,
          idsOf(scope),
          signal,
          (progress) => {
            left = true;
            options.onProgress?.(progress);
            left = false;
          },
          options.failOnStall,
        );
        finished(scope);
        const files = await mapParallel(views, async ({ task }) =>
          task ? resultFiles(context, task, idsOf(scope), signal) : [],
        );
        return { files: files.flat(), tasks };
      } catch (error) {
        throw await ended(scope, error, left);
      } finally {
        release();
      }
    },

    progress(options = {}) {
      const left = new AbortController();
      const stream = async function* (): AsyncGenerator<Progress, void> {
        const { progressStream } = await import("./progress-stream.js");
        yield* progressStream(scope, options, left);
      };
      return leavable(stream(), left);
    },
  };
}

export function createRun(scope: Scope, flow: string): Run {
  const { tasks, signal } = scope;
  const cancel = (): Promise<Cancelled> => cancelScope(scope);
  // Holds for the run's whole life, also while nobody waits.
  const stop = (): void => {
    if (!scope.over) void cancel();
  };
  if (signal?.aborted) stop();
  scope.disarm = signal && onAbort(signal, stop);
  return {
    flow,
    tasks,
    ...waitable(scope),
    cancel,
    toJSON: () => ({ flow, tasks }),
    async [Symbol.asyncDispose]() {
      scope.disarm?.();
      if (!scope.over) await cancel();
    },
  };
}

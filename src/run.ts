/** A run: one call of a flow, and the tasks that came of it. */
import type { Context } from "./context.js";
import { AbortError, TimeoutError, type Cancelled, type VisionatrixError } from "./errors.js";
import type { StopOptions, WaitOptions } from "./options.js";
import { resultFiles, type ResultFile } from "./result-file.js";
import type { TaskState } from "./state.js";
import { stopper } from "./stop.js";
import type { Task } from "./task.js";
import { cancelTasks, failureOf, noteCancellation, waitForAll } from "./wait.js";

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

/** Ids and what to do when the wait for them is stopped. */
interface Scope {
  context: Context;
  tasks: readonly Task[];
  /** Stopping the wait cancels the tasks. */
  owned: boolean;
  /** Given to the call that made the run. */
  signal?: AbortSignal | undefined;
  deadline?: number | undefined;
}

/** Makes `result` and `progress` for tasks that exist. */
export function waitable(scope: Scope): Waitable {
  const { context, tasks, owned } = scope;
  const ids = tasks.map(({ id }) => id);

  async function result({ signal, timeoutMs, onProgress }: WaitOptions = {}): Promise<RunResult> {
    const { signal: stop, release } = stopper(
      [scope.signal, signal],
      remaining(timeoutMs, scope.deadline),
      `Task ${ids.join(", ")}`,
    );
    let left = false as boolean;
    try {
      const views = await waitForAll(context, ids, stop, (progress) => {
        try {
          onProgress?.(progress);
        } catch (error) {
          left = true;
          throw error;
        }
      });
      const failure = failureOf(views);
      if (failure) throw failure;
      const files = await Promise.all(
        views.flatMap(({ task }) => (task ? [resultFiles(context, task, ids, stop)] : [])),
      );
      return { files: files.flat(), tasks };
    } catch (error) {
      // The caller's own error is handed on as it is; the tasks are nobody's then.
      if (left && owned) void cancelTasks(context, ids);
      throw await stopped(error);
    } finally {
      release();
    }
  }

  /** Tells the server that a wait was given up, where that is ours to tell. */
  async function stopped(error: unknown): Promise<unknown> {
    if (error instanceof AbortError || error instanceof TimeoutError) {
      Object.assign(error, { taskIds: ids });
      if (owned) await noteCancellation(error, cancelTasks(context, ids));
    }
    return error;
  }

  async function* progress({ signal, timeoutMs }: StopOptions = {}): AsyncGenerator<Progress> {
    let latest: Progress | undefined;
    let ended: { error?: unknown } | undefined;
    let wake = (): void => undefined;
    const left = new AbortController();
    const { signal: stop, release } = stopper(
      [scope.signal, signal, left.signal],
      remaining(timeoutMs, scope.deadline),
      `Task ${ids.join(", ")}`,
    );
    const waiting = waitForAll(context, ids, stop, (next) => {
      latest = next;
      wake();
    }).then(
      (views) => {
        const error = failureOf(views);
        ended = error ? { error } : {};
        wake();
      },
      (error: unknown) => {
        ended = { error };
        wake();
      },
    );
    let finished = false;
    try {
      for (;;) {
        if (latest) {
          const next = latest;
          latest = undefined;
          yield next;
        } else if (ended) {
          finished = true;
          if (ended.error) throw await stopped(ended.error);
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      // Leaving the loop early ends the wait, and the tasks with it.
      if (!finished) {
        left.abort();
        await waiting;
        if (ended?.error) await stopped(ended.error);
      }
      release();
    }
  }

  return { result, progress };
}

/** The tighter of a time-out that starts now and a deadline. */
function remaining(
  timeoutMs: number | undefined,
  deadline: number | undefined,
): number | undefined {
  if (deadline === undefined) return timeoutMs;
  return Math.min(timeoutMs ?? Infinity, deadline - Date.now());
}

export function createRun(scope: Scope, flow: string): Run {
  const { context, tasks } = scope;
  const cancel = (): Promise<Cancelled> =>
    cancelTasks(
      context,
      tasks.map(({ id }) => id),
    );
  return {
    flow,
    tasks,
    ...waitable(scope),
    cancel,
    toJSON: () => ({ flow, tasks }),
    async [Symbol.asyncDispose]() {
      await cancel();
    },
  };
}

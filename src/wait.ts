/** Waits for tasks to end, and stops them when the caller has had enough. */
import type { Context } from "./context.js";
import {
  AbortError,
  HttpError,
  TaskFailedError,
  TaskGoneError,
  TimeoutError,
  type Cancelled,
  type VisionatrixError,
} from "./errors.js";
import type { Progress } from "./run.js";
import { isFinal, type TaskState } from "./state.js";
import { sleep } from "./stop.js";
import type { TaskView } from "./watch.js";

/** How long the server is given to answer that tasks are cancelled, in ms. */
export const CANCEL_BUDGET_MS = 5000;

/** A stopped wait ends within this time, whatever the server does, in ms. */
const STOP_GRACE_MS = 30;

/** Most telling first: the state of a run is the first of these that one of its tasks has. */
const BY_WEIGHT: readonly TaskState[] = ["stalled", "running", "queued", "failed", "gone", "done"];

/** What the views of a run's tasks say of the run. */
export function progressOf(views: readonly TaskView[]): Progress {
  return {
    percent: views.reduce((sum, { percent }) => sum + percent, 0) / views.length,
    state: BY_WEIGHT.find((state) => views.some((view) => view.state === state)) ?? "queued",
    tasks: views.map(({ id, state, percent }) => ({ id, state, percent })),
    trouble: views.find(({ trouble }) => trouble)?.trouble,
  };
}

/**
 * Resolves with the last word on each task when all have ended.
 * @throws the signal's reason as soon as it fires; what `onProgress` throws; what ended the watching
 */
export function waitForAll(
  { watcher }: Context,
  ids: readonly number[],
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<TaskView[]> {
  return new Promise((resolve, reject) => {
    const views = new Map<number, TaskView>(
      ids.map((id) => [id, { id, state: "queued", percent: 0 }]),
    );
    const unfollow: (() => void)[] = [];
    let shown = "";
    const settle = (end: () => void): void => {
      signal.removeEventListener("abort", stop);
      for (const step of unfollow) step();
      end();
    };
    const stop = (): void => settle(() => reject(signal.reason as Error));
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop);
    const report = (): void => {
      const all = [...views.values()];
      const progress = progressOf(all);
      const text = JSON.stringify([progress.tasks, progress.trouble?.message]);
      if (text !== shown) {
        shown = text;
        onProgress?.(progress);
      }
      if (all.every(({ state }) => isFinal(state))) settle(() => resolve(all));
    };
    for (const id of ids)
      unfollow.push(
        watcher.follow(id, (view, fatal) => {
          if (fatal) {
            settle(() => reject(fatal));
            return;
          }
          views.set(id, view);
          try {
            report();
          } catch (error) {
            settle(() => reject(error));
          }
        }),
      );
  });
}

/** The error for tasks that ended without results, if there are any. */
export function failureOf(views: readonly TaskView[]): VisionatrixError | undefined {
  const failed = views.filter(({ state }) => state === "failed");
  if (failed.length > 0)
    return new TaskFailedError(
      "task_failed",
      failed
        .map(({ id, task }) => `Task ${id} of ${task?.name} failed: ${task?.error.trim()}`)
        .join("\n"),
      { taskIds: failed.map(({ id }) => id) },
    );
  const gone = views.filter(({ state }) => state === "gone").map(({ id }) => id);
  if (gone.length > 0)
    return new TaskGoneError(
      "task_gone",
      `Task ${gone.join(", ")} is not on the server: it was cancelled or deleted, or belongs to another user.`,
      { taskIds: gone },
    );
  return undefined;
}

/** Asks the server to cancel tasks and looks whether they are gone. Takes bounded time, never throws. */
export async function cancelTasks({ api }: Context, ids: readonly number[]): Promise<Cancelled> {
  const signal = AbortSignal.timeout(CANCEL_BUDGET_MS);
  const outcomes = await Promise.all(
    ids.map(async (id): Promise<Cancelled> => {
      try {
        await api.cancel(id, signal);
        // The server says yes to a finished task as well, and keeps it.
        await api.task(id, signal);
        return "no";
      } catch (error) {
        return error instanceof HttpError && error.status === 404 ? "yes" : "unknown";
      }
    }),
  );
  return outcomes.find((outcome) => outcome !== "yes") ?? "yes";
}

/**
 * Completes the error of a wait that was stopped: tells the server, and notes on the error what came
 * of it, later if the server is slow.
 */
export async function noteCancellation(
  error: unknown,
  cancellation: Promise<Cancelled>,
): Promise<void> {
  if (!(error instanceof AbortError || error instanceof TimeoutError)) return;
  error.cancelled = "unknown";
  const noted = cancellation.then((cancelled) => {
    error.cancelled = cancelled;
  });
  await Promise.race([noted, sleep(STOP_GRACE_MS)]);
}

/** Waits for tasks to end, and stops them when the caller has had enough. */
import type { Context } from "./context.js";
import type { AbortError, Cancelled, TimeoutError } from "./errors.js";
import type { Progress } from "./run.js";
import { isFinal, type TaskState } from "./state.js";
import { sleep } from "./stop.js";
import type { TaskView } from "./watch.js";

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
 * Resolves with the last word on each task when all are done.
 * @throws TaskFailedError, TaskGoneError or TaskStalledError when all have ended and not all are done; the signal's reason as soon as it fires; what `onProgress` throws; what ended the watching
 */
export function waitForAll(
  { watcher }: Context,
  ids: readonly number[],
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
  failOnStall = false,
): Promise<TaskView[]> {
  return new Promise((resolve, reject) => {
    const views = new Map<number, TaskView>(
      ids.map((id) => [id, { id, state: "queued", percent: 0 }]),
    );
    const unfollow: (() => void)[] = [];
    let shown = "";
    let reporting = false;
    let over = false;
    const settle = (end: () => void): void => {
      if (over) return;
      over = true;
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
      reporting = false;
      if (over) return;
      const all = [...views.values()];
      const progress = progressOf(all);
      const text = JSON.stringify([progress.tasks, progress.trouble?.message]);
      if (text !== shown) {
        shown = text;
        try {
          onProgress?.(progress);
        } catch (error) {
          settle(() => reject(error));
          return;
        }
      }
      const stalled = failOnStall && all.some(({ state }) => state === "stalled");
      if (!stalled && !all.every(({ state }) => isFinal(state))) return;
      if (progress.state === "done") settle(() => resolve(all));
      else
        void import("./task-failure.js").then(({ failureOf }) =>
          settle(() => reject(failureOf(all))),
        );
    };
    for (const id of ids)
      unfollow.push(
        watcher.follow(id, (view, fatal) => {
          if (fatal) settle(() => reject(fatal));
          views.set(id, view);
          // A list brings news of many tasks in one go.
          if (!reporting) queueMicrotask(report);
          reporting = true;
        }),
      );
  });
}

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
  await Promise.race([noted, sleep(STOP_GRACE_MS)]);
}

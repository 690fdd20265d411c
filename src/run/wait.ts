/** Waits for the tasks of a scope to end, and tells how far they are. */
import { isFinal, type TaskState } from "../tasks/task-state.js";
import { onAbort } from "../time/stop.js";
import type { TaskView } from "../watch/watched.js";
import { failureOf } from "./outcome.js";
import type { Progress } from "./run.js";
import { idsOf, type Scope } from "./scope.js";

/** Most telling first: the state of a run is the first of these that one of its tasks has. */
const BY_WEIGHT: readonly TaskState[] = ["stalled", "running", "queued", "failed", "gone", "done"];

/** What the views of a run's tasks say of the run. */
export function summaryOf(views: readonly TaskView[]): Progress {
  return {
    percent: views.reduce((sum, { percent }) => sum + percent, 0) / views.length,
    state: BY_WEIGHT.find((state) => views.some((view) => view.state === state)) ?? "queued",
    tasks: views.map(({ id, state, percent }) => ({ id, state, percent })),
    trouble: views.find(({ trouble }) => trouble)?.trouble,
  };
}

/**
 * Resolves with the last word on each task when all are done.
 * @throws TaskFailedError, TaskGoneError or TaskStalledError when all have ended and not all are done;
 * the signal's reason as soon as it fires; what `onProgress` throws; what ended the watching
 */
export function waitForAll(
  scope: Scope,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
  failOnStall = false,
): Promise<TaskView[]> {
  const { watcher } = scope;
  const ids = idsOf(scope);
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
      for (const step of unfollow) step();
      end();
    };
    unfollow.push(onAbort(signal, () => settle(() => reject(signal.reason as Error))));
    if (signal.aborted) return;
    const report = (): void => {
      reporting = false;
      if (over) return;
      const all = [...views.values()];
      const progress = summaryOf(all);
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
      const ended = all.every(({ state }) => isFinal(state));
      if (ended) {
        scope.over = true;
        scope.disarm?.();
      } else if (!stalled) return;
      settle(() => {
        if (progress.state === "done") resolve(all);
        else reject(failureOf(all));
      });
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

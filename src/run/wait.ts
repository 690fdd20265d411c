/** Waits for the tasks of a scope to end, and reports their progress. */
import { isTaskMissing } from "../errors/request-errors.js";
import { isFinal, type TaskState } from "../tasks/task-state.js";
import { onAbort } from "../time/stop.js";
import type { TaskView } from "../watch/watched.js";
import { failureOf } from "./outcome.js";
import type { Progress, WaitOptions } from "./run.js";
import type { Scope } from "./scope.js";

/** In order of precedence: the state of a run is the first of these that one of its tasks has. */
const BY_WEIGHT: readonly TaskState[] = ["stalled", "running", "queued", "failed", "gone", "done"];

/** Summarises the views of a run's tasks. */
function summaryOf(views: readonly TaskView[]): Progress {
  return {
    percent: views.reduce((sum, { percent }) => sum + percent, 0) / views.length,
    state: BY_WEIGHT.find((state) => views.some((view) => view.state === state)) ?? "queued",
    tasks: views.map(({ id, state, percent, stalled }) => ({ id, state, percent, stalled })),
    trouble: views.find(({ trouble }) => trouble)?.trouble,
  };
}

/**
 * Resolves with the final view of each task when all are done.
 * @throws TaskFailedError, TaskGoneError or TaskStalledError when all have ended and not all are done; the
 * signal's reason as soon as it fires; any error thrown by `onProgress`; the error that ended the watch
 */
export function waitForAll(
  scope: Scope,
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
  { onStall = "wait", maxReruns = 1 }: WaitOptions = {},
): Promise<TaskView[]> {
  const { watcher } = scope.tools;
  return new Promise((resolve, reject) => {
    const views = new Map<number, TaskView>();
    const unfollow = new Map<number, () => void>();
    /** How often each task of the scope was rerun. */
    const reruns = new Map<number, number>();
    const rerunning = new Set<number>();
    const release: (() => void)[] = [];
    let shown = "";
    let reporting = false;
    let over = false;
    const settle = (end: () => void): void => {
      if (over) return;
      over = true;
      for (const step of [...release, ...unfollow.values()]) step();
      end();
    };
    release.push(onAbort(signal, () => settle(() => reject(signal.reason as Error))));
    if (signal.aborted) return;
    const rerun = (id: number): void => {
      if (rerunning.has(id)) return;
      rerunning.add(id);
      const task = scope.tasks.find((each) => each.id === id);
      task?.rerun().catch((error: unknown) => {
        // The view already shows the outcome of a task that is gone.
        if (!isTaskMissing(error)) settle(() => reject(error));
      });
    };
    const report = (): void => {
      reporting = false;
      if (over) return;
      const all = scope.ids.map((id) => views.get(id) as TaskView);
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
      const stalled = onStall === "wait" ? [] : all.filter(({ state }) => state === "stalled");
      const stuck = stalled.filter(
        ({ id }) => onStall === "fail" || (reruns.get(id) ?? 0) >= maxReruns,
      );
      if (all.every(({ state }) => isFinal(state))) scope.end();
      else if (stuck.length === 0) {
        for (const { id } of stalled) rerun(id);
        return;
      }
      settle(() => {
        if (progress.state === "done") resolve(all);
        else reject(failureOf(all));
      });
    };
    const follow = (id: number): void => {
      views.set(id, { id, state: "queued", percent: 0 });
      const stop = watcher.follow(id, (view, fatal) => {
        if (fatal) settle(() => reject(fatal));
        views.set(id, view);
        // One list updates many tasks at once, so they are reported together.
        if (!reporting) queueMicrotask(report);
        reporting = true;
      });
      unfollow.set(id, stop);
    };
    release.push(
      scope.wait((oldId, { id }) => {
        unfollow.get(oldId)?.();
        unfollow.delete(oldId);
        reruns.set(id, (reruns.get(oldId) ?? 0) + 1);
        follow(id);
      }),
    );
    for (const id of scope.ids) follow(id);
  });
}

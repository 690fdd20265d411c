/** Waits for tasks independently: some may fail, and the results of the others are still wanted. */
import type { Progress, ResultFile, Task, TaskState, VisionatrixError } from "../../index.js";
import { codeOf } from "../exit.js";

/** Progress of a task, as far as known. */
export interface TaskView {
  readonly id: number;
  readonly state: TaskState;
  /** 0–100. */
  readonly percent: number;
  /** Why the server cannot be reached at the moment. */
  readonly trouble?: string | undefined;
}

/** The outcome of a task: its files, or its error. */
export interface Outcome {
  readonly task: Task;
  readonly files: readonly ResultFile[];
  readonly error?: VisionatrixError;
}

export interface WaitForOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number | undefined;
  /** Whether to look up the files of the tasks. Default true. */
  readonly withFiles?: boolean;
  readonly onChange: (views: readonly TaskView[]) => void;
  /** Called as each task ends, one call at a time. */
  readonly onEnd?: (outcome: Outcome) => Promise<void>;
}

/** Errors of one task, which say nothing about the others. */
const OF_A_TASK = new Set(["task_failed", "task_gone", "task_not_found", "task_stalled"]);

/**
 * Waits until every task has ended, with or without success.
 * @throws errors that stop the wait for all of them: an abort, a time-out, an unreachable server
 */
export async function waitForTasks(
  tasks: readonly Task[],
  { signal, timeoutMs, withFiles = true, onChange, onEnd }: WaitForOptions,
): Promise<Outcome[]> {
  const views = tasks.map((task): TaskView => ({ id: task.id, state: "queued", percent: 0 }));
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let ends = Promise.resolve();
  const update = (index: number, view: Partial<TaskView>): void => {
    views[index] = { ...(views[index] as TaskView), ...view };
    onChange(views);
  };

  const waits = tasks.map(async (task, index): Promise<Outcome> => {
    let outcome: Outcome;
    try {
      const onProgress = ({ state, percent, trouble }: Progress): void =>
        update(index, { state, percent, trouble: trouble?.message });
      if (withFiles) {
        const { files } = await task.result({ signal: both, timeoutMs, onProgress });
        outcome = { task, files };
      } else {
        for await (const progress of task.progress({ signal: both, timeoutMs }))
          onProgress(progress);
        outcome = { task, files: [] };
      }
      update(index, { state: "done", percent: 100, trouble: undefined });
    } catch (error) {
      if (!OF_A_TASK.has(codeOf(error))) throw error;
      outcome = { task, files: [], error: error as VisionatrixError };
      update(index, { state: codeOf(error) === "task_failed" ? "failed" : "gone" });
    }
    // One at a time, so that names are given and lines are printed in order.
    ends = ends.then(() => onEnd?.(outcome));
    await ends;
    return outcome;
  });
  try {
    return await Promise.all(waits);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(waits);
    throw error;
  }
}

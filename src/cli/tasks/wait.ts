/** Waits for tasks independently: some may fail, and the results of the others are still wanted. */
import type { Task, TaskOutcome, VisionatrixError } from "../../index.js";
import { codeOf } from "../exit.js";

export interface WaitForOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number | undefined;
  /** Whether to look up the files of the tasks. Default true. */
  readonly withFiles?: boolean;
  readonly onChange: (views: readonly TaskOutcome[]) => void;
  /** Called as each task ends, one call at a time. */
  readonly onEnd?: (outcome: TaskOutcome) => Promise<void>;
}

/** Errors of one task, which say nothing about the others. */
const OF_A_TASK = new Set(["task_failed", "task_gone", "task_not_found", "task_stalled"]);

/** Why a task that is done counts as failed: the server runs no flow without an output, so its files are lost. */
export async function lostFiles(id: number): Promise<VisionatrixError> {
  const { VisionatrixError } = await import("../../index.js");
  const message = `Task ${id} is done, and the server has no files of it.`;
  return new VisionatrixError("task_failed", message, { taskIds: [id] });
}

/**
 * Waits until every task has ended, with or without success.
 * @throws errors that stop the wait for all of them: an abort, a time-out, an unreachable server
 */
export async function waitForTasks(
  tasks: readonly Task[],
  { signal, timeoutMs, withFiles = true, onChange, onEnd }: WaitForOptions,
): Promise<TaskOutcome[]> {
  const { outcomesOf } = await import("../../index.js");
  let ends = Promise.resolve();
  const outcomes = await outcomesOf(tasks, {
    signal,
    timeoutMs,
    files: withFiles,
    onChange,
    async onEnd(outcome) {
      if (outcome.error && !OF_A_TASK.has(codeOf(outcome.error))) throw outcome.error;
      // One at a time, so that names are given and lines are printed in order.
      ends = ends.then(() => onEnd?.(outcome));
      await ends;
    },
  });
  if (!withFiles) return outcomes;
  return Promise.all(
    outcomes.map(async (outcome) =>
      outcome.error || outcome.files.length > 0
        ? outcome
        : { ...outcome, error: await lostFiles(outcome.id) },
    ),
  );
}

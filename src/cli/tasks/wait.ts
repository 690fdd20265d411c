/** Waits for tasks independently: some may fail, and the results of the others are still wanted. */
import type { Task, TaskOutcome } from "../../index.js";
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
  return outcomesOf(tasks, {
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
}

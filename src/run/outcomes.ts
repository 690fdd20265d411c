/** Waits for tasks independently of each other: the end of one does not end the wait for the others. */
import { VisionatrixError } from "../errors/errors.js";
import type { ResultFile } from "../results/result-file.js";
import { isFinal, type TaskState } from "../tasks/task-state.js";
import { onAbort } from "../time/stop.js";
import type { Progress, StopOptions, Task } from "./run.js";

/** What is known of a task when the wait for it is over. */
export interface TaskOutcome {
  readonly id: number;
  readonly task: Task;
  readonly state: TaskState;
  /** 0–100. */
  readonly percent: number;
  /** Empty unless the task is done. */
  readonly files: readonly ResultFile[];
  /** Why the server cannot be reached at the moment. The wait goes on. */
  readonly trouble?: VisionatrixError | undefined;
  /** Why the task is not done: it failed, is gone, the time is up, or the server was out of reach for too long. */
  readonly error?: VisionatrixError | undefined;
}

export interface OutcomeOptions extends StopOptions {
  /** Longest wait in ms. After 0 ms each task has been looked at once, and no files. Default: no limit. */
  timeoutMs?: number | undefined;
  /** Whether to find the files of tasks that are done. Default true. */
  files?: boolean | undefined;
  /** Called with all outcomes so far at every change. An error that it throws ends the wait. */
  onChange?: ((outcomes: readonly TaskOutcome[]) => void) | undefined;
  /** Called as the wait for each task is over. An error that it throws ends the wait for the others. */
  onEnd?: ((outcome: TaskOutcome) => Promise<void> | void) | undefined;
}

/** Longest wait for the answer to a single look, in ms. */
const LOOK_MS = 10_000;

/**
 * Waits until each task has ended or the time is up, and resolves with what is known of each, in their order,
 * whatever that is. Never cancels tasks.
 * @throws AbortError when the signal fires; any error thrown by `onChange` or `onEnd`
 */
export async function outcomesOf(
  tasks: readonly Task[],
  { signal, timeoutMs, files = true, onChange, onEnd }: OutcomeOptions = {},
): Promise<TaskOutcome[]> {
  const outcomes = tasks.map((task): TaskOutcome => ({
    id: task.id,
    task,
    state: "queued",
    percent: 0,
    files: [],
  }));
  const stop = new AbortController();
  const release = signal && onAbort(signal, () => stop.abort(signal.reason));
  const waitForOne = async (task: Task, index: number): Promise<void> => {
    const update = (change: Partial<TaskOutcome>): TaskOutcome => {
      const outcome = { ...(outcomes[index] as TaskOutcome), ...change };
      outcomes[index] = outcome;
      onChange?.(outcomes);
      return outcome;
    };
    const note = ({ state, percent, trouble }: Progress): void =>
      void update({ state, percent, trouble });
    const found = await follow(task, { signal: stop.signal, timeoutMs, files }, note).catch(
      (error: unknown) => {
        if (stop.signal.aborted || !(error instanceof VisionatrixError)) throw error;
        return error;
      },
    );
    const outcome = update(found instanceof VisionatrixError ? failed(found) : { files: found });
    await onEnd?.(outcome);
  };
  const waits = tasks.map(waitForOne);
  try {
    await Promise.all(waits);
  } finally {
    stop.abort();
    release?.();
    // Work of the caller in `onEnd` is not left running.
    await Promise.allSettled(waits);
  }
  return outcomes;
}

async function follow(
  task: Task,
  { signal, timeoutMs, files }: OutcomeOptions,
  onProgress: (progress: Progress) => void,
): Promise<readonly ResultFile[]> {
  if (files && timeoutMs !== 0) return (await task.result({ signal, timeoutMs, onProgress })).files;
  for await (const progress of task.progress({ signal, timeoutMs: timeoutMs || LOOK_MS })) {
    onProgress(progress);
    // The next step tells why a task ended without results.
    if (timeoutMs === 0 && !isFinal(progress.state)) break;
  }
  return [];
}

function failed(error: VisionatrixError): Partial<TaskOutcome> {
  const { code } = error;
  const isGone = code === "task_gone" || code === "task_not_found";
  const state = isGone ? "gone" : code === "task_failed" ? "failed" : undefined;
  return { error, ...(state && { state, trouble: undefined }) };
}

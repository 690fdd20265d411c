/** From a call to a run: checks, submits, and stops in between if asked to. */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Context } from "./context.js";
import type { AbortError, TimeoutError } from "./errors.js";
import type { Flow } from "./flow.js";
import { fillForm } from "./form.js";
import type { RunOptions, StopOptions, WaitOptions } from "./options.js";
import { leavable, noteCancellation } from "./run.js";
import type { PendingRun, Run, RunResult } from "./run.js";
import { onAbort, stopper, unlessAborted } from "./stop.js";
import { createTasks, prepare, type CreateSignals, type Submission } from "./submit.js";

/** Submits the tasks of a flow. */
export function submitFlow<Params extends object>(
  context: Context,
  flow: Flow<Params>,
  params: Params,
  { signal, timeoutMs, headers, onUploadProgress }: RunOptions = {},
): PendingRun {
  const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
  // Whoever waits for the tasks from the start may stop the submit as well.
  const left = new AbortController();

  const submit = async (): Promise<Run> => {
    const stop = stopper([signal, left.signal], timeoutMs, `Submitting ${flow.id}`);
    try {
      const [planned, { adopt }] = await Promise.all([
        fillForm(flow, params, {
          fetchUrls: context.options.fetchUrls,
          signal: stop.signal,
        }),
        import("./adopt.js"),
      ]);
      const submission = await prepare(planned, context.known.highest, headers, onUploadProgress);
      stop.signal.throwIfAborted();
      const created = await stoppable(context, submission, stop.signal, (signals) =>
        createTasks(context, submission, signals),
      );
      return adopt(context, planned, created, signal, deadline);
    } finally {
      stop.release();
    }
  };
  const run = submit();

  return Object.assign(run, {
    async result(wait: WaitOptions = {}): Promise<RunResult> {
      const stop = stopper([wait.signal], wait.timeoutMs, flow.id);
      onAbort(stop.signal, () => left.abort(stop.signal.reason));
      try {
        const made = await run;
        return await made.result({ ...wait, signal: stop.signal, timeoutMs: undefined });
      } finally {
        stop.release();
      }
    },
    progress: (wait: StopOptions = {}) =>
      leavable(async (leaving) => {
        const { submittedProgress } = await import("./progress-stream.js");
        return submittedProgress(run, left, flow.id, wait, leaving);
      }),
  });
}

/**
 * Runs a create such that it rejects as soon as `stop` fires, and that what it may have created is
 * cancelled.
 */
export async function stoppable(
  context: Context,
  submission: Submission,
  stop: AbortSignal,
  create: (signals: CreateSignals) => Promise<CreatedTasks>,
): Promise<CreatedTasks> {
  const soft = new AbortController();
  const hard = new AbortController();
  const creating = create({ soft: soft.signal, hard: hard.signal });
  try {
    return await unlessAborted(creating, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
    const reason = stop.reason as AbortError | TimeoutError;
    soft.abort(reason);
    await noteCancellation(reason, async () => {
      const { takeBackCreate } = await import("./take-back.js");
      return takeBackCreate(context, submission, creating, hard, reason);
    });
    throw reason;
  }
}

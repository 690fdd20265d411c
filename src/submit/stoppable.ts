/** Creates the tasks of a call such that a stop rejects at once. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { AbortError, TimeoutError } from "../errors/errors.js";
import { noteCancellation } from "../tasks/cancel.js";
import { unlessAborted } from "../time/stop.js";
import { releaseSources, type Submission } from "./submission.js";
import type { CreateSignals, Submitting } from "./submitting.js";
import { takeBackCreate } from "./take-back.js";

/**
 * Runs a create that rejects as soon as `stop` fires, and cancels any tasks that it may have created.
 * @throws SubmitUncertainError when it is unknown whether tasks were created; the reason of `stop` as soon as
 * it fires
 */
export async function stoppable(
  submitting: Submitting,
  submission: Submission,
  stop: AbortSignal,
  create: (signals: CreateSignals) => Promise<CreatedTasks>,
): Promise<CreatedTasks> {
  stop.throwIfAborted();
  const soft = new AbortController();
  const hard = new AbortController();
  const creating = create({ soft: soft.signal, hard: hard.signal }).finally(() =>
    releaseSources(submission),
  );
  try {
    return await unlessAborted(creating, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
    const reason = stop.reason as AbortError | TimeoutError;
    soft.abort(reason);
    await noteCancellation(submitting.api.clock, reason, () =>
      takeBackCreate(submitting, submission, creating, hard, reason),
    );
    throw reason;
  }
}

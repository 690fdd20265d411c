/** Creates tasks once: retries when an attempt certainly created nothing, and settles when it may have. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import { patience, retryDelay } from "../http/backoff.js";
import { sleep } from "../time/sleep.js";
import { evidenceOf, mayExist } from "./evidence.js";
import { sendCreate } from "./send-create.js";
import { settle } from "./settle.js";
import type { Submission } from "./submission.js";
import type { CreateSignals, Submitting } from "./submitting.js";

/**
 * Creates the tasks of a submission, within the budget.
 * @throws SubmitUncertainError when it is unknown whether tasks were created
 */
export async function createOnce(
  submitting: Submitting,
  submission: Submission,
  signals: CreateSignals,
): Promise<CreatedTasks> {
  const { api, budgetMs } = submitting;
  const { clock, logger } = api;
  const { plan, parts, upload, fate } = submission;
  let deadline = clock.now() + budgetMs;
  for (let failures = 0; ; failures++) {
    let error: VisionatrixError;
    try {
      return await sendCreate(api, submission, parts, signals.hard, deadline);
    } catch (thrown) {
      error = thrown as VisionatrixError;
    }
    // However long an upload took, leave time to look for its tasks.
    if (failures === 0 && upload.unsent !== undefined) deadline = clock.now() + budgetMs;
    const evidence = evidenceOf(error, plan.count, upload.unsent);
    if (mayExist(evidence)) {
      fate.mayExist = true;
      if (signals.soft.aborted) throw error;
      return settle(submitting, submission, { error, evidence }, signals, deadline);
    }
    const asked = error instanceof HttpError ? error.retryAfterMs : undefined;
    const pause = asked || retryDelay(failures, clock.random());
    const giveUpAt = deadline - budgetMs + patience(api, budgetMs);
    if (evidence === "refused" || clock.now() + pause > giveUpAt) throw error;
    // Whoever answered may have let the request through nevertheless.
    if (error instanceof HttpError && error.status === 503) fate.sentAgain = true;
    logger?.warn(`submitting ${plan.flow} again in ${Math.round(pause)} ms: ${error.message}`);
    await sleep(clock, pause, signals.soft);
  }
}

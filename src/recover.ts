/** What happens after a create that failed: decides, tries again, or settles. Loaded when one has. */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Context } from "./context.js";
import { ConnectionError, HttpError, InvalidResponseError } from "./request-errors.js";
import type { VisionatrixError } from "./errors.js";
import { MAX_PAUSE_MS, retryDelay } from "./pace.js";
import { settle } from "./settle.js";
import { sleep } from "./sleep.js";
import { sendCreate, type CreateSignals, type Submission } from "./submit.js";

/** How long a server that never answered this client is tried, in ms: its address may be wrong. */
export const FIRST_CONTACT_MS = 3000;

/** What to do after a create that was not answered with task ids. */
export type Verdict = "retry" | "uncertain" | "final";

/** Reads a failed create: could it have created tasks, and may it be sent again? */
export function verdictOf(error: unknown): Verdict {
  if (error instanceof ConnectionError) return error.neverSent ? "retry" : "uncertain";
  if (error instanceof InvalidResponseError)
    return error.code === "redirected" ? "final" : "uncertain";
  if (!(error instanceof HttpError)) return "final";
  const { status } = error;
  if (status === 429 || status === 503) return "retry";
  // 502, 504 and what proxies have of their own: said also when the server got the request.
  return status > 501 ? "uncertain" : "final";
}

/**
 * Goes on after a failed create until it is answered, or the deadline comes.
 * @throws SubmitUncertainError when it cannot be told whether tasks were created
 */
export async function recover(
  context: Context,
  submission: Submission,
  signals: CreateSignals,
  due: number,
  thrown: unknown,
): Promise<CreatedTasks> {
  const { api, options, budgetMs } = context;
  // However long an upload took, there is time to look what came of it.
  const deadline = submission.upload.unsent === undefined ? due : Date.now() + budgetMs;
  let error = thrown as VisionatrixError;
  for (let failures = 0; ; failures++) {
    const verdict = verdictOf(error);
    // These may come after the first of several tasks; any other refusal comes before it.
    const partial =
      submission.plan.count > 1 &&
      error instanceof HttpError &&
      (error.status === 400 || error.status === 500);
    if (verdict === "uncertain" || partial) submission.fate.mayExist = true;
    if (!signals.soft.aborted && (verdict === "uncertain" || partial))
      return settle(context, submission, error, signals, deadline);
    const pause =
      (error instanceof HttpError ? error.retryAfterMs : undefined) ||
      retryDelay(failures, Math.random(), MAX_PAUSE_MS);
    const giveUpAt = api.answered()
      ? deadline
      : Math.min(deadline, deadline - budgetMs + FIRST_CONTACT_MS);
    if (verdict === "final" || Date.now() + pause > giveUpAt) throw error;
    options.logger?.warn(
      `submitting ${submission.plan.flow} again in ${Math.round(pause)} ms: ${error.message}`,
    );
    await sleep(pause, signals.soft);
    try {
      return await sendCreate(context, submission, submission.parts, signals.hard, deadline);
    } catch (again) {
      error = again as VisionatrixError;
    }
  }
}

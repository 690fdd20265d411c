/** What a failed create means. Pure. */
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";

/**
 * What to do after a create that was not answered with task ids: send it again, look for what came of it,
 * or give up.
 */
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

/** Whether a refusal may have come after the first of several tasks; any other comes before it. */
export function mayBePartial(error: unknown, count: number): boolean {
  return count > 1 && error instanceof HttpError && (error.status === 400 || error.status === 500);
}

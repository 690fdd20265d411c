/** What a failed create proves, and what to do next. Pure. */
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";

/**
 * What happened to a create: `unsent` the server did not receive all of it, or asks to retry later; nothing
 * was created · `reset` the connection broke, or a proxy responded, when the server may already have had all
 * of it · `silence` our own time limit elapsed without a response, so the request may still be running ·
 * `partial` rejected, possibly after the first of several tasks · `refused` nothing was created
 */
export type Evidence = "unsent" | "reset" | "silence" | "partial" | "refused";

/**
 * Classifies a failed create.
 * @param count number of tasks requested
 * @param unsent whether part of its body was certainly not sent, if known
 */
export function evidenceOf(
  error: unknown,
  count: number,
  unsent: boolean | "unknown" | undefined,
): Evidence {
  if (error instanceof ConnectionError) {
    // The server creates nothing before it has the whole form.
    if (error.neverSent || unsent === true) return "unsent";
    return error.timedOut ? "silence" : "reset";
  }
  if (error instanceof InvalidResponseError)
    return error.code === "redirected" ? "refused" : "reset";
  if (!(error instanceof HttpError)) return "refused";
  const { status } = error;
  // Proxies say 503 of a request that the server got, too; with a time to come back it was turned away.
  if (status === 429 || (status === 503 && error.retryAfterMs !== undefined)) return "unsent";
  // 502, 504 and what proxies have of their own: said also when the server got the request.
  if (status > 501) return "reset";
  return count > 1 && (status === 400 || status === 500) ? "partial" : "refused";
}

/** Whether tasks of such a create may exist on the server. */
export function mayExist(evidence: Evidence): boolean {
  return evidence !== "unsent" && evidence !== "refused";
}

/** How slow the server is, which lengthens the times below. */
export interface Pace {
  /** `retry.graceMs`. */
  readonly graceMs: number;
  /** Time of the slowest recent response, in ms. */
  readonly slowestMs: number;
  /** Time left of the budget, in ms. */
  readonly leftMs: number;
}

/**
 * How long the number of a create's tasks must stay unchanged before the missing ones are created again, in
 * ms. After silence, the first request is probably still being processed by a slow server. After a reset, it
 * has either arrived or is lost.
 */
export function quietBeforeSecond(evidence: Evidence, pace: Pace): number {
  const { graceMs, slowestMs, leftMs } = pace;
  const wanted =
    evidence === "silence"
      ? Math.max(3 * graceMs, 4 * slowestMs)
      : Math.max(graceMs, 2 * slowestMs);
  // Leave time for the second create; a duplicate from haste is removed later.
  return Math.min(wanted, Math.max(leftMs / 3, graceMs));
}

/** What is known after a create that was not answered with task ids, and what follows from it. Pure. */
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";

/**
 * What happened to a create:
 * `unsent` the server got nothing of it, or not all, or asks to come back later: nothing was created ·
 * `reset` the connection broke, or a proxy answered, after the server may have had all of it ·
 * `silence` no answer came within our own time limit, so that the request may well be alive ·
 * `partial` refused, maybe after the first of several tasks · `refused` nothing was created
 */
export type Evidence = "unsent" | "reset" | "silence" | "partial" | "refused";

/**
 * Reads a failed create.
 * @param count tasks that it asked for
 * @param unsent whether some of its body has surely not left, where that is known
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

/** Whether tasks of such a create may be on the server. */
export function mayExist(evidence: Evidence): boolean {
  return evidence !== "unsent" && evidence !== "refused";
}

/** How slow a server is, which lengthens the times below. */
export interface Pace {
  /** `retry.graceMs`. */
  readonly graceMs: number;
  /** What the slowest answer of late has taken, in ms. */
  readonly slowestMs: number;
  /** What is left of the budget, in ms. */
  readonly leftMs: number;
}

/**
 * How long no more tasks of a create must show up before the missing ones are created anew, in ms. After
 * silence the first request is probably still on its way through a slow server, after a reset it is there
 * or lost.
 */
export function quietBeforeSecond(evidence: Evidence, pace: Pace): number {
  const { graceMs, slowestMs, leftMs } = pace;
  const wanted =
    evidence === "silence"
      ? Math.max(3 * graceMs, 4 * slowestMs)
      : Math.max(graceMs, 2 * slowestMs);
  // There must be time for the second create as well; a twin that comes of haste is removed later.
  return Math.min(wanted, Math.max(leftMs / 3, graceMs));
}

/**
 * How long to retry a file after failed requests: an outage of the server is waited out, a useless response
 * is retried a few times. Pure but for the counts kept here.
 */
import { VisionatrixError } from "../errors/errors.js";
import { ConnectionError, HttpError } from "../errors/request-errors.js";
import { MAX_RETRY_AFTER_MS, retryDelay } from "../http/backoff.js";
import { MOST_REFUSALS, verdictOf } from "../http/verdict.js";

/** Responses in a row without a new byte, after which a file is given up. */
export const TRIES = 5;

/**
 * What a failed request says about the next one: the server is out (`passing`), it did not accept the
 * credentials (`refused`), its response is of no use (`useless`), or a retry would fail again (`final`).
 */
function meaningOf(error: unknown): "passing" | "refused" | "useless" | "final" {
  if (error instanceof ConnectionError) return "passing";
  if (error instanceof HttpError) return verdictOf(error);
  return error instanceof VisionatrixError && /^(redirected|invalid_option)$/.test(error.code)
    ? "final"
    : "useless";
}

/** Counts the failures since the last new byte. */
export interface Patience {
  /** New bytes came. */
  progress(): void;
  /** Whether a failed request ends it. Call it once for each, before `failed`. */
  isFinal(error: unknown): boolean;
  /**
   * Records a failed request.
   * @param now by the client's clock
   * @param random from 0 to below 1
   * @returns the pause before the next request in ms, or the reason there is none
   */
  failed(error: unknown, now: number, random: number): number | string;
}

/** @param outageMs longest outage of the server, in ms */
export function createPatience(outageMs: number): Patience {
  let since: number | undefined;
  let failures = 0;
  let useless = 0;
  let refusals = 0;
  return {
    progress() {
      since = undefined;
      failures = refusals = 0;
      // The response that brought them was useful, even if it breaks off.
      useless = -1;
    },
    isFinal(error) {
      const meaning = meaningOf(error);
      if (meaning === "refused") refusals++;
      return meaning === "final" || refusals >= MOST_REFUSALS;
    },
    failed(error, now, random) {
      const left = (since ??= now) + outageMs - now;
      if (meaningOf(error) === "useless") {
        if (++useless >= TRIES) return `${TRIES} responses brought no new bytes`;
      } else if (left <= 0) return `the server was down for ${Math.round(outageMs / 1000)} s`;
      const asked = error instanceof HttpError ? error.retryAfterMs : undefined;
      const pause = Math.min(asked ?? retryDelay(failures++, random), MAX_RETRY_AFTER_MS);
      // The last attempt is made when the time is up, not before.
      return left > 0 ? Math.min(pause, left) : pause;
    },
  };
}

/**
 * How long a file is asked for again after requests that failed: an outage of the server is sat out, an
 * answer that is of no use is asked for a few times more. Pure but for the counts kept here.
 */
import { VisionatrixError } from "../errors/errors.js";
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";
import { MAX_PAUSE_MS, retryDelay } from "../http/backoff.js";

/** Answers in a row without a new byte, after which a file is given up. */
export const TRIES = 5;

/** Longest pause that a server can ask for, in ms. */
const MAX_RETRY_AFTER_MS = 6 * MAX_PAUSE_MS;

/** Every file is asked for at this endpoint. */
const RESULTS = { method: "GET", path: "/vapi/tasks/results" };

/**
 * What a failed request says of the next one: the server is out (`outage`), it answers and the answer is
 * of no use (`useless`), or it would fail again (`final`).
 */
export function meaningOf(error: unknown): "outage" | "useless" | "final" {
  if (error instanceof ConnectionError) return "outage";
  if (error instanceof HttpError) {
    const { status } = error;
    return status >= 500 || status === 429 || status === 408 ? "outage" : "final";
  }
  return error instanceof VisionatrixError && /^(redirected|invalid_option)$/.test(error.code)
    ? "final"
    : "useless";
}

/** Counts the failures since the last new byte. */
export class Patience {
  readonly #outageMs: number;
  #since: number | undefined;
  #failures = 0;
  #useless = 0;

  /** @param outageMs how long the server may be out, in ms */
  constructor(outageMs: number) {
    this.#outageMs = outageMs;
  }

  /** New bytes came. */
  progress(): void {
    this.#since = undefined;
    this.#failures = 0;
    // The answer that brought them was of use, also where it breaks off.
    this.#useless = -1;
  }

  /**
   * Takes in a request that failed.
   * @param now by the client's clock
   * @param random from 0 to below 1
   * @returns the pause before the next one in ms, or, where there is none, why
   */
  failed(error: unknown, now: number, random: number): number | string {
    this.#since ??= now;
    const left = this.#since + this.#outageMs - now;
    if (meaningOf(error) === "useless") {
      if (++this.#useless >= TRIES) return `${TRIES} answers brought nothing new`;
    } else if (left <= 0) return `the server was out for ${Math.round(this.#outageMs / 1000)} s`;
    const asked = error instanceof HttpError ? error.retryAfterMs : undefined;
    const pause = Math.min(asked ?? retryDelay(this.#failures++, random), MAX_RETRY_AFTER_MS);
    // The last try is made when the time is over, not before.
    return left > 0 ? Math.min(pause, left) : pause;
  }
}

/** The error for a connection that broke while a body was read. */
export function brokenBody(what: string, cause: unknown): ConnectionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionError(`The connection broke in ${what} (${reason}).`, RESULTS, cause, false);
}

/** The error for a web page: no output is one, whatever its kind. */
export function notAFile(taskId: number): VisionatrixError {
  return new InvalidResponseError(
    "not_a_file",
    `A file of task ${taskId} was answered with an HTML page: does a proxy stand before the server?`,
    RESULTS,
  );
}

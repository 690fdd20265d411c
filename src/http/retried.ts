/** Repeats requests that only read, while what went wrong may pass. */
import { ConnectionError, HttpError } from "../errors/request-errors.js";
import type { Clock } from "../time/clock.js";
import { sleep } from "../time/sleep.js";
import { retryDelay } from "./backoff.js";

/**
 * Makes an attempt again until it succeeds, fails for good, or the deadline comes.
 * @param deadline by the clock
 */
export async function retried<T>(
  clock: Clock,
  deadline: number,
  attempt: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const pause = retryDelay(failures, clock.random());
      if (signal.aborted || !isPassing(error) || clock.now() + pause > deadline) throw error;
      await sleep(clock, pause, signal);
    }
  }
}

/** Whether the same request may succeed later. */
function isPassing(error: unknown): boolean {
  return error instanceof HttpError
    ? error.status > 500 || error.status === 429 || error.status === 408
    : error instanceof ConnectionError;
}

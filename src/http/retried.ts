/** Repeats requests that only read, while what went wrong may pass. */
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";
import { sleep } from "../time/sleep.js";
import type { Api } from "./api.js";
import { patience, retryDelay } from "./backoff.js";

/**
 * Makes an attempt again until it succeeds, fails for good, or the budget is spent.
 * @param budgetMs time for all attempts, in ms
 */
export async function retried<T>(
  api: Api,
  budgetMs: number,
  attempt: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock } = api;
  const start = clock.now();
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const pause = retryDelay(failures, clock.random());
      const spentMs = clock.now() + pause - start;
      if (signal.aborted || !isPassing(error) || spentMs > patience(api, budgetMs)) throw error;
      await sleep(clock, pause, signal);
    }
  }
}

/** Whether the same request may succeed later. */
function isPassing(error: unknown): boolean {
  if (error instanceof HttpError) {
    const { status, detail } = error;
    // The server gives a reason with each refusal: an answer without one was cut, or is a proxy's.
    return status > 500 || status === 429 || status === 408 || detail === "";
  }
  if (error instanceof InvalidResponseError) return error.code === "invalid_response";
  return error instanceof ConnectionError;
}

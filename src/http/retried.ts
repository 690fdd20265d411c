/** Retries read-only requests while the failure may be temporary. */
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";
import { sleep } from "../time/sleep.js";
import type { Api } from "./api.js";
import { patience, retryDelay } from "./backoff.js";

/** How long a read of the caller's is retried, in ms: one broken response is no outage, and an outage is told soon. */
const READ_MS = 2000;

/** A read that the caller asks for, repeated while the failure may be temporary. */
export function readAgain<T>(
  api: Api,
  read: (api: Api, signal?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return retried(api, READ_MS, () => read(api, signal), signal);
}

/**
 * Repeats an attempt until it succeeds, fails permanently, or the budget is spent.
 * @param budgetMs time for all attempts, in ms
 */
export async function retried<T>(
  api: Api,
  budgetMs: number,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { clock } = api;
  const start = clock.now();
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const pause = retryDelay(failures, clock.random());
      const spentMs = clock.now() + pause - start;
      if (signal?.aborted || !isPassing(error) || spentMs > patience(api, budgetMs)) throw error;
      await sleep(clock, pause, signal);
    }
  }
}

/** Whether the same request may succeed later. */
function isPassing(error: unknown): boolean {
  if (error instanceof HttpError) {
    const { status, detail } = error;
    // The server gives a reason with every rejection: a response without one was truncated, or came from a
    // proxy.
    return status > 500 || status === 429 || status === 408 || detail === "";
  }
  if (error instanceof InvalidResponseError) return error.code === "invalid_response";
  return error instanceof ConnectionError;
}

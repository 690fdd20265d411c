/** Asks for a file again where that may help. */
import { VisionatrixError } from "../errors/errors.js";
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";
import { MAX_PAUSE_MS, retryDelay } from "../http/backoff.js";
import type { Clock } from "../time/clock.js";
import { sleep } from "../time/sleep.js";

/** Tries without progress, after which a download ends. */
export const TRIES = 5;

/** Whether a request for a file that failed may succeed when it is made again. */
export function isPassing(error: unknown): boolean {
  return error instanceof HttpError
    ? error.status >= 500 || error.status === 429 || error.status === 408
    : !(error instanceof InvalidResponseError && error.code === "redirected");
}

/** Pause before the next try, in ms; a server that names a time is obeyed within bounds. */
export function pauseAfter(error: unknown, failures: number, random: number): number {
  const asked = error instanceof HttpError ? error.retryAfterMs : undefined;
  return Math.min(asked ?? retryDelay(failures, random), 6 * MAX_PAUSE_MS);
}

/** Makes an attempt, and makes it again as long as that may help. */
export async function retried<T>(
  clock: Clock,
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  let error: unknown;
  for (let failures = 0; failures < TRIES; failures++) {
    if (failures > 0) await sleep(clock, pauseAfter(error, failures - 1, clock.random()), signal);
    if (signal?.aborted) throw signal.reason;
    try {
      return await attempt();
    } catch (next) {
      error = next;
      if (!isPassing(error)) break;
    }
  }
  if (error instanceof VisionatrixError) throw error;
  throw new ConnectionError(
    `The start of a file could not be read: ${TRIES} tries brought nothing${error instanceof Error ? ` (${error.message})` : " in time"}.`,
    { method: "GET", path: "/vapi/tasks/results" },
    error,
  );
}

/** No output is a web page, whatever its kind. */
export function notAFile(taskId: number): VisionatrixError {
  return new InvalidResponseError(
    "not_a_file",
    `A file of task ${taskId} was answered with an HTML page: does a proxy stand before the server?`,
    { method: "GET", path: "/vapi/tasks/results" },
  );
}

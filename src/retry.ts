/** Asks for a file again where that may help. Loaded when something went wrong. */
import { VisionatrixError } from "./errors.js";
import { ConnectionError, HttpError, InvalidResponseError } from "./request-errors.js";
import { MAX_PAUSE_MS, retryDelay } from "./pace.js";
import { sleep } from "./sleep.js";

/** Tries without progress, after which a download ends. */
export const TRIES = 5;

/** Whether a request for a file that failed may succeed when it is made again. */
export function isPassing(error: unknown): boolean {
  return error instanceof HttpError
    ? error.status >= 500 || error.status === 429 || error.status === 408
    : !(error instanceof InvalidResponseError && error.code === "redirected");
}

/** Pause before the next try, in ms; a server that names a time is obeyed within bounds. */
export function pauseAfter(error: unknown, failures: number): number {
  const asked = error instanceof HttpError ? error.retryAfterMs : undefined;
  return Math.min(asked ?? retryDelay(failures, Math.random(), MAX_PAUSE_MS), 6 * MAX_PAUSE_MS);
}

/** Makes an attempt again that has failed once, as long as that may help. */
export async function retried<T>(
  first: unknown,
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  let error = first;
  for (let failures = 0; failures + 1 < TRIES && isPassing(error); failures++) {
    if (signal?.aborted) throw signal.reason;
    await sleep(pauseAfter(error, failures), signal);
    try {
      return await attempt();
    } catch (next) {
      error = next;
    }
  }
  if (error instanceof VisionatrixError) throw error;
  throw new ConnectionError(
    `The start of a file could not be read: ${TRIES} tries brought nothing${error instanceof Error ? ` (${error.message})` : " in time"}.`,
    { method: "GET", path: "/vapi/tasks/results" },
    error,
    false,
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

/** What happens between a failed request for a file and the next one. */
import { VisionatrixError } from "../errors/errors.js";
import { ConnectionError, InvalidResponseError } from "../errors/request-errors.js";
import { sleep } from "../time/sleep.js";
import type { Patience } from "./patience.js";
import type { FileOrigin } from "./result-file.js";

/** The endpoint of every file. */
const RESULTS = { method: "GET", path: "/vapi/tasks/results" };

/** The error for a web page in place of a file: no output is one, whatever its kind. */
export function notAFile(taskId: number): VisionatrixError {
  return new InvalidResponseError(
    "not_a_file",
    `A file of task ${taskId} came as an HTML page: does a proxy replace the server's responses?`,
    RESULTS,
  );
}

/**
 * Reports the failure, and waits until the file may be requested again.
 * @param what the file, and how much of it is present
 * @throws VisionatrixError `download_failed` or `not_a_file` when it is given up
 */
export async function beforeNextTry(
  { api: { clock, logger }, task: { task_id } }: FileOrigin,
  patience: Patience,
  what: string,
  cause: unknown,
  report: (trouble: VisionatrixError) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const trouble =
    cause instanceof VisionatrixError
      ? cause
      : new ConnectionError(
          `The connection broke (${cause instanceof Error ? cause.message : String(cause)}).`,
          RESULTS,
          cause,
        );
  const next = patience.failed(cause, clock.now(), clock.random());
  if (typeof next === "string") {
    if (trouble.code === "not_a_file") throw trouble;
    throw new VisionatrixError(
      "download_failed",
      `${what} could not be read: ${next}. ${trouble.message} It stays on the server: read it again later.`,
      { cause, taskIds: [task_id] },
    );
  }
  logger?.warn(`reading ${what}: ${trouble.message}`);
  report(trouble);
  await sleep(clock, next, signal);
}

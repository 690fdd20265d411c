/** What happens between two requests for a file, of which the first one failed. */
import { VisionatrixError } from "../errors/errors.js";
import { ConnectionError, InvalidResponseError } from "../errors/request-errors.js";
import { sleep } from "../time/sleep.js";
import type { Patience } from "./patience.js";
import type { FileOrigin } from "./result-file.js";

/** Where every file is asked for. */
const RESULTS = { method: "GET", path: "/vapi/tasks/results" };

/** The error for a web page: no output is one, whatever its kind. */
export function notAFile(taskId: number): VisionatrixError {
  return new InvalidResponseError(
    "not_a_file",
    `A file of task ${taskId} was answered with an HTML page: does a proxy stand before the server?`,
    RESULTS,
  );
}

/**
 * Tells of the failure, and waits until the file may be asked for again.
 * @param what the file, and how much of it is there
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
      `${what} could not be read: ${next}. ${trouble.message} It stays on the server: ask for it again later.`,
      { cause, taskIds: [task_id] },
    );
  }
  logger?.warn(`reading ${what}: ${trouble.message}`);
  report(trouble);
  await sleep(clock, next, signal);
}

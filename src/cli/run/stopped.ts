/** The outcome for the tasks of a stopped run. */
import type { Cancelled, VisionatrixError } from "../../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import { CliError, codeOf, EXIT, inWords } from "../exit.js";
import type { Interrupt } from "../interrupt.js";
import { taskWords } from "../terminal/format.js";

/** How long to wait for the server to confirm the cancel, in ms. */
const PATIENCE_MS = 5000;

/**
 * The error of a command whose wait was stopped; other errors are returned unchanged.
 * @param cancel cancels on the server, and resolves to the outcome
 */
export async function stoppedError(
  error: unknown,
  interrupt: Interrupt,
  taskIds: readonly number[],
  cancel: () => Promise<Cancelled>,
  fields: object = {},
): Promise<unknown> {
  const code = codeOf(error);
  if (code !== "aborted" && code !== "timeout") return error;
  const cancelled = await Promise.race([cancel(), sleep(PATIENCE_MS, "unknown" as const)]);
  const words = outcomeWords(cancelled, taskIds);
  if (code === "timeout")
    return new CliError("timeout", `${inWords((error as Error).message)} ${words}`, {
      exitCode: EXIT.server,
      taskIds,
      fields,
    });
  return interrupt.error(words, taskIds, fields);
}

/** Waits for the outcome that the library records on the error of a stopped submit. */
export async function cancelledOf(error: unknown): Promise<Cancelled> {
  const stopped = error as VisionatrixError & { cancelled?: Cancelled };
  const until = performance.now() + PATIENCE_MS;
  // Polled, because the library sets it when the server responds and sends no event.
  while (stopped.cancelled === "unknown" && performance.now() < until) await sleep(25);
  return stopped.cancelled ?? "unknown";
}

function outcomeWords(cancelled: Cancelled, taskIds: readonly number[]): string {
  if (taskIds.length === 0)
    return cancelled === "unknown"
      ? "Stopped. The server may have created tasks; check with `vix tasks`."
      : "Stopped; no task is left on the server.";
  const tasks = taskWords(taskIds);
  if (cancelled === "yes") return `Cancelled ${tasks} on the server.`;
  return cancelled === "no"
    ? `Stopped; some of ${tasks} had already ended and keep their files: \`vix save ${taskIds.join(" ")}\`.`
    : `Stopped; the server did not confirm that ${tasks} ended. \`vix cancel ${taskIds.join(" ")}\` retries.`;
}

/** The error of a command when some of its tasks ended without a result. */
import type { TaskOutcome } from "../../index.js";
import { CliError, EXIT, inWords } from "../exit.js";

/**
 * @param fields more fields of the JSON document
 * @returns undefined if all tasks are done
 */
export function failureOfTasks(
  outcomes: readonly TaskOutcome[],
  fields: object,
): CliError | undefined {
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const error = failed[0]?.error;
  if (!error) return undefined;
  const others = failed.length > 1 ? ` (${failed.length} of ${outcomes.length} tasks)` : "";
  // The others are not on the server any more.
  const kept = failed.filter((each) => each.error?.code === "task_failed").map(({ id }) => id);
  return new CliError(error.code, `${inWords(error.message.trim())}${others}`, {
    exitCode: EXIT.failed,
    taskIds: failed.map(({ id }) => id),
    hint:
      kept.length > 0
        ? `\`vix rerun ${kept.join(" ")}\` runs ${kept.length === 1 ? "it" : "them"} again.`
        : undefined,
    fields,
  });
}

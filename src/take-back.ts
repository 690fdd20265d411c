/** Sees to it that nothing of a stopped create runs on. Loaded when a submit is stopped. */
import type { CreatedTasks } from "../generated/tasks.js";
import { CANCEL_BUDGET_MS, cancelTasks } from "./cancel.js";
import type { Context } from "./context.js";
import type { Cancelled } from "./errors.js";
import { verdictOf } from "./recover.js";
import { takeBack } from "./settle.js";
import type { Submission } from "./submit.js";

/** Uploads above this are cut when the caller stops; smaller requests have left before. In bytes. */
const CUT_ABOVE_BYTES = 1_000_000;

/**
 * Takes back a create that may still be under way. Takes bounded time, never throws.
 * @param stop the error that the caller gets; it learns the ids of the tasks
 * @param hard ends the request
 */
export async function takeBackCreate(
  context: Context,
  submission: Submission,
  creating: Promise<CreatedTasks>,
  hard: AbortController,
  stop: object,
): Promise<Cancelled> {
  const late = setTimeout(() => hard.abort(stop), CANCEL_BUDGET_MS);
  if (mayBeCut(submission)) hard.abort(stop);
  try {
    const { tasks_ids } = await creating;
    Object.assign(stop, { taskIds: tasks_ids });
    return await cancelTasks(context, tasks_ids);
  } catch (error) {
    // Refused, or stopped between two tries: nothing was created.
    if (!hard.signal.aborted && !submission.fate.mayExist && verdictOf(error) !== "uncertain")
      return "yes";
    // The server creates nothing before it has the whole form.
    if (submission.upload.unsent === true) return "yes";
    return await takeBack(context, submission);
  } finally {
    clearTimeout(late);
  }
}

/** Whether stopping a create now is likely to keep it from the server. */
function mayBeCut({ parts, upload }: Submission): boolean {
  if (typeof upload.unsent === "boolean") return upload.unsent;
  const sizes = parts.map(({ value }) =>
    typeof value === "string" ? value.length : (value.size ?? Infinity),
  );
  return sizes.reduce((sum, size) => sum + size, 0) > CUT_ABOVE_BYTES;
}

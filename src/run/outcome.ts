/** Errors for tasks that ended without results. */
import type { VisionatrixError } from "../errors/errors.js";
import {
  TaskFailedError,
  TaskGoneError,
  TaskStalledError,
  type StallReason,
} from "../errors/task-errors.js";
import type { TaskView } from "../watch/watched.js";

/** Why a task is stalled, in words. */
const STALLED: Readonly<Record<StallReason, string>> = {
  orphaned: "its worker dropped it and asks for other tasks",
  silent: "its worker stopped reporting",
  looping: "workers take it again and again without progress",
};

/** The error for a set of tasks, some of which ended without results. */
export function failureOf(views: readonly TaskView[]): VisionatrixError {
  const failed = views.filter(({ state }) => state === "failed");
  if (failed.length > 0)
    return new TaskFailedError(
      "task_failed",
      `${failed.map(({ id, task }) => `Task ${id} of ${task?.name} failed: ${task?.error.trim()}`).join("\n")} (task.rerun() runs it again)`,
      { taskIds: failed.map(({ id }) => id) },
    );
  const stalled = views.filter(({ state }) => state === "stalled");
  if (stalled.length > 0)
    return new TaskStalledError(
      `${stalled.map(({ id, stalled: why }) => `Task ${id} is stalled: ${STALLED[why as StallReason]}.`).join("\n")} task.rerun() runs it again.`,
      stalled.map(({ id }) => id),
      stalled[0]?.stalled as StallReason,
    );
  const gone = views.filter(({ state }) => state === "gone").map(({ id }) => id);
  return new TaskGoneError(
    "task_gone",
    `Task ${gone.join(", ")} is not on the server: it was cancelled or deleted, or belongs to another user.`,
    { taskIds: gone },
  );
}

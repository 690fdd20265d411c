/** The errors of tasks that ended without results. */
import type { VisionatrixError } from "../errors/errors.js";
import { TaskFailedError, TaskGoneError, TaskStalledError } from "../errors/task-errors.js";
import type { TaskView } from "../watch/watched.js";

/** The error for tasks of which some ended without results. */
export function failureOf(views: readonly TaskView[]): VisionatrixError {
  const failed = views.filter(({ state }) => state === "failed");
  if (failed.length > 0)
    return new TaskFailedError(
      "task_failed",
      failed
        .map(({ id, task }) => `Task ${id} of ${task?.name} failed: ${task?.error.trim()}`)
        .join("\n"),
      { taskIds: failed.map(({ id }) => id) },
    );
  const stalled = views.filter(({ state }) => state === "stalled").map(({ id }) => id);
  if (stalled.length > 0)
    return new TaskStalledError(
      "task_stalled",
      `Nothing was heard of task ${stalled.join(", ")} for long: its worker may have died. Run it again with task.restart({ force: true }).`,
      { taskIds: stalled },
    );
  const gone = views.filter(({ state }) => state === "gone").map(({ id }) => id);
  return new TaskGoneError(
    "task_gone",
    `Task ${gone.join(", ")} is not on the server: it was cancelled or deleted, or belongs to another user.`,
    { taskIds: gone },
  );
}

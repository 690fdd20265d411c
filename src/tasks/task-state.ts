/** The state of a task, derived from its fields. The server has no state field. */
import type { TaskSummary } from "../../generated/tasks.js";

/**
 * `queued` waiting for a worker · `running` taken by one · `stalled` taken, and stuck (see `StallReason`) ·
 * `done` finished, results can be fetched · `failed` the task failed on the server; `task.rerun()` runs it
 * again · `gone` cancelled or deleted
 */
export type TaskState = "queued" | "running" | "stalled" | "done" | "failed" | "gone";

/** The state that one response shows; `stalled` and `gone` need more than one. */
export function stateOf(task: Pick<TaskSummary, "progress" | "error" | "locked_at">): TaskState {
  if (task.error) return "failed";
  // Workers report exactly 100, but the API allows more, and results are served from 100 on.
  if (task.progress >= 100) return "done";
  // A lock without progress means that a worker is loading its models. Progress without a lock means that a
  // worker gave up, and that the task waits to restart.
  return task.locked_at === null ? "queued" : "running";
}

/** Whether the task will not change any more by itself. */
export function isFinal(state: TaskState): boolean {
  return state === "done" || state === "failed" || state === "gone";
}

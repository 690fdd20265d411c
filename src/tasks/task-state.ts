/** What a task's fields say about it. The server has no state field. */
import type { TaskSummary } from "../../generated/tasks.js";

/**
 * `queued` waiting for a worker · `running` taken by one · `stalled` taken, and stuck (see
 * `StallReason`) · `done` finished, results can be fetched · `failed` the engine gave up; `task.rerun()`
 * runs it again · `gone` cancelled or deleted
 */
export type TaskState = "queued" | "running" | "stalled" | "done" | "failed" | "gone";

/** The state that one answer of the server shows; `stalled` and `gone` need more than one answer. */
export function stateOf(task: Pick<TaskSummary, "progress" | "error" | "locked_at">): TaskState {
  if (task.error) return "failed";
  // Workers report 100 exactly, but the API lets them report more, and results are served from 100 on.
  if (task.progress >= 100) return "done";
  // A lock alone means a worker loads its models. Progress without a lock means that a worker gave up,
  // and that the task waits to be run again from its start.
  return task.locked_at === null ? "queued" : "running";
}

/** Whether nothing more will happen to a task by itself. */
export function isFinal(state: TaskState): boolean {
  return state === "done" || state === "failed" || state === "gone";
}

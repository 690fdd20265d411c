/** Errors of calls and their tasks: invalid parameters, failed, gone or stalled tasks, uncertain submits. */
import { VisionatrixError } from "./errors.js";

/** One problem with the parameters of a call. */
export interface ParamProblem {
  /** Wire name, e.g. `steps_number`. */
  readonly parameter: string;
  /** The value given. */
  readonly value: unknown;
  /** Stable name of the broken rule, e.g. `unknown`, `required`, `choice`, `range`. */
  readonly rule: string;
  /** What is wrong and what to do, in one sentence. */
  readonly hint: string;
}

/** The parameters are invalid; nothing was sent. */
export class InvalidParamsError extends VisionatrixError {
  override readonly name: string = "InvalidParamsError";
  /** Flow id. */
  readonly flow: string;
  /** Every problem, not only the first. */
  readonly problems: readonly ParamProblem[];

  constructor(flow: string, problems: readonly ParamProblem[]) {
    super("invalid_params", `${flow}: ${problems.map((problem) => problem.hint).join(" ")}`);
    this.flow = flow;
    this.problems = problems;
  }
}

/** The task failed on the server. `task.rerun()` runs it again. */
export class TaskFailedError extends VisionatrixError {
  override readonly name: string = "TaskFailedError";
}

/** A task no longer exists: cancelled or deleted, possibly by someone else. */
export class TaskGoneError extends VisionatrixError {
  override readonly name: string = "TaskGoneError";
}

/**
 * Why a task is stalled. `orphaned`: its worker asks for other work while it holds the task · `silent`: no
 * change for `poll.stallMs`; its worker may have died, or be in a slow node · `looping`: workers take it
 * again and again without progress
 */
export type StallReason = "orphaned" | "silent" | "looping";

/** A task is stalled; thrown only if `onStall` asks for it. */
export class TaskStalledError extends VisionatrixError {
  override readonly name: string = "TaskStalledError";
  /** The reason of the first stalled task. */
  readonly reason: StallReason;

  constructor(message: string, taskIds: readonly number[], reason: StallReason) {
    super("task_stalled", message, { taskIds });
    this.reason = reason;
  }
}

/**
 * The response to a create was lost, and looking for its tasks within the budget did not settle it.
 * `client.settle(error)` looks again. `taskIds` holds the tasks found so far.
 */
export class SubmitUncertainError extends VisionatrixError {
  override readonly name: string = "SubmitUncertainError";
  /** Flow id. */
  readonly flow: string;

  constructor(flow: string, taskIds: readonly number[], cause: unknown) {
    super(
      "submit_uncertain",
      `It is not known whether the server created the tasks of ${flow}: ${(cause as Error).message} Call client.settle(error) when the server can be reached; submitting again may run everything twice.`,
      { cause, taskIds },
    );
    this.flow = flow;
  }
}

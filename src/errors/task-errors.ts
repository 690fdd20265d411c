/** Errors of calls and of their tasks. */
import { VisionatrixError } from "./errors.js";

/** One thing that is wrong with the parameters of a call. */
export interface ParamProblem {
  /** Wire name, e.g. `steps_number`. */
  readonly parameter: string;
  /** What was given. */
  readonly value: unknown;
  /** Stable name of the rule that is broken, e.g. `unknown`, `required`, `choice`, `range`. */
  readonly rule: string;
  /** What is wrong and what to do, one sentence. */
  readonly hint: string;
}

/** The parameters would not do what they say; nothing was sent. */
export class InvalidParamsError extends VisionatrixError {
  override readonly name: string = "InvalidParamsError";
  /** Flow id. */
  readonly flow: string;
  /** Everything that is wrong, not only the first. */
  readonly problems: readonly ParamProblem[];

  constructor(flow: string, problems: readonly ParamProblem[]) {
    super("invalid_params", `${flow}: ${problems.map((problem) => problem.hint).join(" ")}`);
    this.flow = flow;
    this.problems = problems;
  }
}

/** The engine gave up on a task. `task.rerun()` runs it again. */
export class TaskFailedError extends VisionatrixError {
  override readonly name: string = "TaskFailedError";
}

/** A task that was there is there no more: cancelled or deleted, maybe by someone else. */
export class TaskGoneError extends VisionatrixError {
  override readonly name: string = "TaskGoneError";
}

/**
 * Why a task is stalled. `orphaned`: its worker asks for other work while it holds the task · `silent`:
 * nothing was heard of it for `poll.stallMs`; its worker may have died, or be in a slow node · `looping`:
 * it is taken again and again and gets no further
 */
export type StallReason = "orphaned" | "silent" | "looping";

/** A task is stuck; thrown only where `onStall` asks for it. */
export class TaskStalledError extends VisionatrixError {
  override readonly name: string = "TaskStalledError";
  /** Of the first of the tasks. */
  readonly reason: StallReason;

  constructor(message: string, taskIds: readonly number[], reason: StallReason) {
    super("task_stalled", message, { taskIds });
    this.reason = reason;
  }
}

/**
 * The answer to a create was lost, and looking for its tasks within the budget told nothing either.
 * `client.settle(error)` looks again. `taskIds` holds what was found so far.
 */
export class SubmitUncertainError extends VisionatrixError {
  override readonly name: string = "SubmitUncertainError";
  /** Flow id. */
  readonly flow: string;

  constructor(flow: string, taskIds: readonly number[], cause: unknown) {
    super(
      "submit_uncertain",
      `It is not known whether the server created the tasks of ${flow}: ${(cause as Error).message} Call client.settle(error) when it can be reached again; submitting anew may run everything twice.`,
      { cause, taskIds },
    );
    this.flow = flow;
  }
}

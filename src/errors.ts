/**
 * Every error that this library throws on purpose is a `VisionatrixError`. `name` and `code` are
 * stable; `message` says what happened, to what, and what to do; `cause` is the error beneath.
 */
import type { ErrorCode } from "./error-codes.js";

interface ErrorContext {
  cause?: unknown;
  taskIds?: readonly number[];
}

/** Root of all errors of this library. */
export class VisionatrixError extends Error {
  // Written out in each class, since minifiers rename classes.
  override readonly name: string = "VisionatrixError";
  /** Stable, in snake_case, for programs. All codes are listed in `docs/errors.md`. */
  readonly code: ErrorCode;
  /** The tasks that the error is about; empty where none is known. */
  readonly taskIds: readonly number[];

  constructor(code: ErrorCode, message: string, { cause, taskIds = [] }: ErrorContext = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.taskIds = taskIds;
  }
}

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

/** What was asked of the server when something went wrong. */
export interface RequestFacts {
  /** HTTP method. */
  readonly method: string;
  /** Path below the base URL, without query. */
  readonly path: string;
}

/** Something went wrong between a request and a usable answer to it. */
export class RequestError extends VisionatrixError implements RequestFacts {
  override readonly name: string = "RequestError";
  readonly method: string;
  readonly path: string;

  constructor(code: ErrorCode, message: string, request: RequestFacts, cause?: unknown) {
    super(code, message, { cause });
    this.method = request.method;
    this.path = request.path;
  }
}

/** The server could not be reached, or the connection broke. */
export class ConnectionError extends RequestError {
  override readonly name: string = "ConnectionError";
  /** True only where it is certain that the server did not get the request. */
  readonly neverSent: boolean;

  constructor(message: string, request: RequestFacts, cause: unknown, neverSent: boolean) {
    super(neverSent ? "not_reachable" : "connection_lost", message, request, cause);
    this.neverSent = neverSent;
  }
}

/** The answer is not one of a Visionatrix server: HTML from a proxy, cut or wrong JSON, a redirect. */
export class InvalidResponseError extends RequestError {
  override readonly name: string = "InvalidResponseError";
}

/** The server answered with an error status. */
export class HttpError extends RequestError {
  override readonly name: string = "HttpError";
  readonly status: number;
  /** What the server said, as text; empty where it said nothing. */
  readonly detail: string;
  /** How long the server asks to wait before the next try, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    request: RequestFacts,
    answer: { status: number; detail: string; retryAfterMs?: number | undefined },
  ) {
    super(code, message, request);
    this.status = answer.status;
    this.detail = answer.detail;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** What is known of the tasks of a run that was stopped: are they off the server? */
export type Cancelled = "yes" | "no" | "unknown";

/** The caller stopped waiting. */
abstract class StopError extends VisionatrixError {
  /**
   * Whether the server was told. `"unknown"` while it has not answered yet, and when it never did;
   * `"no"` when it was not asked, or when a task had finished before it was.
   */
  cancelled: Cancelled = "no";
}

/** Stopped by an `AbortSignal`, or by leaving a loop. `cause` is the signal's reason. */
export class AbortError extends StopError {
  override readonly name: string = "AbortError";
}

/** Stopped because `timeoutMs` was over. */
export class TimeoutError extends StopError {
  override readonly name: string = "TimeoutError";
}

/** The engine gave up on a task. The task can be restarted. */
export class TaskFailedError extends VisionatrixError {
  override readonly name: string = "TaskFailedError";
}

/** A task that was there is there no more: cancelled or deleted, maybe by someone else. */
export class TaskGoneError extends VisionatrixError {
  override readonly name: string = "TaskGoneError";
}

/** A worker took a task and has been silent for long; thrown only where it was asked for. */
export class TaskStalledError extends VisionatrixError {
  override readonly name: string = "TaskStalledError";
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

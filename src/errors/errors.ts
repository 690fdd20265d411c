/**
 * Every error that this library throws on purpose is a `VisionatrixError`. `name` and `code` are stable.
 * `message` says what happened, to what, and what to do. `cause` is the underlying error.
 */
import type { ErrorCode } from "./codes.js";

interface ErrorContext {
  cause?: unknown;
  taskIds?: readonly number[];
}

/** Base class of all errors of this library. */
export class VisionatrixError extends Error {
  // Spelled out in each class, because minifiers rename classes.
  override readonly name: string = "VisionatrixError";
  /** Stable, in snake_case, for programs. `docs/errors.md` lists all codes. */
  readonly code: ErrorCode;
  /** The tasks that the error concerns; empty when none is known. */
  readonly taskIds: readonly number[];

  constructor(code: ErrorCode, message: string, { cause, taskIds = [] }: ErrorContext = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.taskIds = taskIds;
  }
}

/** Whether the tasks of a stopped run are off the server. */
export type Cancelled = "yes" | "no" | "unknown";

/** The caller stopped the wait. */
abstract class StopError extends VisionatrixError {
  /**
   * Whether the tasks were cancelled on the server. `"unknown"` until the server responds, and if it never
   * does; `"no"` when no cancel was sent, or when a task finished first.
   */
  cancelled: Cancelled = "no";
}

/** Aborted by an `AbortSignal`, or by leaving a loop. `cause` is the signal's reason. */
export class AbortError extends StopError {
  override readonly name: string = "AbortError";
}

/** `timeoutMs` elapsed. */
export class TimeoutError extends StopError {
  override readonly name: string = "TimeoutError";
}

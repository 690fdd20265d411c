/**
 * Every error that this library throws on purpose is a `VisionatrixError`. `name` and `code` are
 * stable; `message` says what happened, to what, and what to do; `cause` is the error beneath.
 */
import type { ErrorCode } from "./codes.js";

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

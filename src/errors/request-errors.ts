/** Errors of single requests: not sent, no answer, an answer that is no answer, an error status. */
import type { ErrorCode } from "./codes.js";
import { VisionatrixError } from "./errors.js";

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
  /** Whether no answer came within the client's own time limit; the request may still be carried out. */
  readonly timedOut: boolean;

  constructor(
    message: string,
    request: RequestFacts,
    cause: unknown,
    { neverSent = false, timedOut = false }: { neverSent?: boolean; timedOut?: boolean } = {},
  ) {
    super(neverSent ? "not_reachable" : "connection_lost", message, request, cause);
    this.neverSent = neverSent;
    this.timedOut = timedOut;
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

/** Whether the server itself said that there is no such task, or not for this user. */
export function isTaskMissing(error: unknown): boolean {
  return error instanceof VisionatrixError && error.code === "task_not_found";
}

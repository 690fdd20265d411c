/** Errors of single requests: not sent, no response, an unusable response, an error status. */
import type { ErrorCode } from "./codes.js";
import { VisionatrixError } from "./errors.js";

/** The request that failed. */
export interface RequestFacts {
  /** HTTP method. */
  readonly method: string;
  /** Path below the base URL, without query. */
  readonly path: string;
}

/** A request got no usable response. */
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
  /** True only when it is certain that the server did not receive the request. */
  readonly neverSent: boolean;
  /**
   * Whether the client's own time limit elapsed without a response. The server may still carry out the
   * request.
   */
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

/** The response is not from a Visionatrix server: HTML from a proxy, truncated or wrong JSON, a redirect. */
export class InvalidResponseError extends RequestError {
  override readonly name: string = "InvalidResponseError";
}

/** The server responded with an error status. */
export class HttpError extends RequestError {
  override readonly name: string = "HttpError";
  readonly status: number;
  /** The server's error message, as text; empty when it sent none. */
  readonly detail: string;
  /** Whether the server itself gave that message, as JSON. A proxy responds with a page. */
  readonly spoken: boolean;
  /** How long the server asks to wait before a retry, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    request: RequestFacts,
    answer: {
      status: number;
      detail: string;
      spoken?: boolean;
      retryAfterMs?: number | undefined;
    },
  ) {
    super(code, message, request);
    this.status = answer.status;
    this.detail = answer.detail;
    this.spoken = answer.spoken ?? false;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** Whether the server itself said that the task does not exist, or not for this user. */
export function isTaskMissing(error: unknown): boolean {
  return error instanceof VisionatrixError && error.code === "task_not_found";
}

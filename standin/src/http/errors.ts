/** The ways a handler refuses a request. */

/** Answered as `{"detail": …}`. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** One entry of a 422 body. */
export interface Problem {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** Answered as 422 with all problems. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.msg).join("; "));
    this.problems = problems;
  }
}

/**
 * An error that the real server does not catch. It responds with the plain text `Internal Server Error` and
 * closes the connection without a `Connection: close` header. The message is only for the stand-in's log.
 */
export class BareError extends Error {
  override readonly name = "BareError";
}

/** The client disconnected, so no response is needed. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

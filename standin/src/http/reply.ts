/** Responses before they are sent. */
import type { Readable } from "node:stream";
import { BareError, HttpError, ValidationError } from "./errors.js";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, or a stream of `length` bytes that is opened on demand. */
  readonly body: Buffer | { readonly length: number; open(): Readable };
  /** The real server closes the connection after this response, without a `Connection: close` header. */
  readonly closes?: boolean;
  /** The response comes from outside the CORS layer. */
  readonly withoutCors?: boolean;
  /** Number of tasks in the response, if it is a list of tasks. */
  readonly listed?: number;
  /** What happened inside, for the log. */
  readonly note?: string;
}

const NOTHING = Buffer.alloc(0);

export function json(text: string, status = 200): Reply {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(text) };
}

export function jsonOf(value: unknown, status = 200): Reply {
  return json(JSON.stringify(value), status);
}

export function noContent(): Reply {
  return { status: 204, headers: {}, body: NOTHING };
}

export function plain(text: string, status = 200): Reply {
  const headers = { "content-type": "text/plain; charset=utf-8" };
  return { status, headers, body: Buffer.from(text) };
}

export function html(text: string, status = 200): Reply {
  const headers = { "content-type": "text/html; charset=utf-8" };
  return { status, headers, body: Buffer.from(text) };
}

/** Text without a content type, as in some responses of the real server. */
export function bare(text: string, status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: Buffer.from(text) };
}

/** The real server's response after an uncaught error. */
export function bare500(note?: string): Reply {
  return {
    ...plain("Internal Server Error", 500),
    closes: true,
    withoutCors: true,
    ...(note === undefined ? {} : { note }),
  };
}

export function notAuthenticated(): Reply {
  return bare("Not authenticated", 401, { "www-authenticate": "Basic" });
}

/** The response to a request whose handler threw. */
export function replyToError(error: unknown): Reply {
  if (error instanceof HttpError) {
    const reply = jsonOf({ detail: error.message }, error.status);
    return { ...reply, headers: { ...reply.headers, ...error.headers } };
  }
  if (error instanceof ValidationError) return jsonOf({ detail: error.problems }, 422);
  if (error instanceof BareError) return bare500(error.message);
  const note = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return bare500(`an internal error of the stand-in: ${note}`);
}

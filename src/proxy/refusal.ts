/**
 * Refusals of the proxy: a sentence for the page, shaped like the server's own errors, and a code for the
 * log, which shows nothing of the request.
 */
import { VisionatrixError } from "../errors/errors.js";
import { ConnectionError, HttpError, InvalidResponseError } from "../errors/request-errors.js";
import { safeText } from "./texts.js";

/** Stable names of the reasons, for logs and tests. */
export type RefusalCode =
  | "no_such_endpoint"
  | "other_origin"
  | "no_owner"
  | "owner_failed"
  | "too_often"
  | "no_such_task"
  | "no_such_flow"
  | "bad_query"
  | "bad_form"
  | "bad_parameter"
  | "not_allowed"
  | "too_large"
  | "too_slow"
  | "too_many_unfinished"
  | "page_left"
  | "server_refused"
  | "server_unreachable"
  | "failed";

/** Longest sentence, in characters; a choice may have thousands of names. */
const MOST_DETAIL = 1000;

export class Refusal extends Error {
  override readonly name: string = "Refusal";
  readonly status: number;
  readonly code: RefusalCode;
  /** For people; says in one sentence what is wrong. At most 1,000 characters. */
  readonly detail: string;
  /** How long to wait before a retry, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: RefusalCode, detail: string, retryAfterMs?: number) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail.length > MOST_DETAIL ? `${detail.slice(0, MOST_DETAIL - 1)}…` : detail;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Uses the server's own words, so that another owner's task looks like a missing one. */
export function noSuchTask(id: number | string): Refusal {
  return new Refusal(404, "no_such_task", `Task \`${id}\` was not found.`);
}

export function noSuchEndpoint(): Refusal {
  return new Refusal(404, "no_such_endpoint", "This site offers no such endpoint.");
}

/** Statuses with the same meaning for a page as for the proxy. */
const PASSED_ON = new Set([400, 404, 405, 409, 416, 422, 429, 500, 501, 503]);

/** Turns an error behind the proxy into a refusal. Pure. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof HttpError) {
    const { status, detail, retryAfterMs } = error;
    if (status === 401 || status === 403)
      // The server's own challenge would make the browser ask its user for the server's password.
      return new Refusal(
        500,
        "server_refused",
        "The server does not accept the credentials of this site.",
      );
    if (PASSED_ON.has(status))
      return new Refusal(status, "server_refused", safeText(detail), retryAfterMs);
    return new Refusal(502, "server_refused", "The server behind this site is not available now.");
  }
  if (error instanceof ConnectionError)
    return error.neverSent
      ? // The request had no effect, and clients may retry it.
        new Refusal(
          503,
          "server_unreachable",
          "The server behind this site cannot be reached.",
          2000,
        )
      : new Refusal(
          error.timedOut ? 504 : 502,
          "server_unreachable",
          "The connection to the server behind this site broke.",
        );
  if (error instanceof InvalidResponseError)
    return new Refusal(
      502,
      "server_refused",
      "The server behind this site sent an invalid response.",
    );
  if (error instanceof VisionatrixError && error.code === "aborted")
    return new Refusal(499, "page_left", "The page closed the connection before the response.");
  return new Refusal(500, "failed", "This site could not carry out the request.");
}

/** Headers of every response: no caching, and no content sniffing. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};

/** The response for a refusal. */
export function refusedAnswer({ status, detail, retryAfterMs }: Refusal): Response {
  const body = new TextEncoder().encode(JSON.stringify({ detail }));
  return new Response(body, {
    status,
    headers: {
      ...ANSWER_HEADERS,
      "content-type": "application/json",
      "content-length": String(body.length),
      ...(retryAfterMs && { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }),
    },
  });
}

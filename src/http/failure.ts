/** Turns a failed request, from what was thrown or returned, into an error that explains it. */
import type { ErrorCode } from "../errors/codes.js";
import { VisionatrixError } from "../errors/errors.js";
import {
  ConnectionError,
  HttpError,
  InvalidResponseError,
  RequestError,
  type RequestFacts,
} from "../errors/request-errors.js";
import type { Clock } from "../time/clock.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { Answer } from "./answer.js";
import { reasonOf, reasonsOf, surelyNeverSent } from "./never-sent.js";

/** The facts about a request that its error depends on. */
export interface Exchange {
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Whether the platform's own `fetch` sends the requests. */
  readonly plain: boolean;
}

/** Longest time to find out why a browser refused, in ms. */
const PROBE_MS = 3000;

/** Longest time to read the text of an error response, in ms. */
const DETAIL_MS = 5000;

/**
 * The error for a failed request.
 * @param cause what `fetch` or reading the body threw, a response with an error status, or the text of an
 * unexpected response
 */
export async function explain(
  { baseUrl, clock, plain }: Exchange,
  request: RequestFacts,
  cause: unknown,
): Promise<VisionatrixError> {
  if (cause instanceof VisionatrixError) return cause;
  if (cause instanceof Answer) {
    const { status, type, headers } = cause;
    // Browsers hide the target of a redirect: type `opaqueredirect`, status 0.
    return type === "opaqueredirect" || (status >= 300 && status < 400)
      ? redirected(baseUrl, request, headers.get("location"))
      : httpError(baseUrl, clock, request, cause);
  }
  const asked = `${request.method} ${request.path}`;
  if (typeof cause === "string") {
    return new InvalidResponseError(
      "invalid_response",
      `The response to ${asked} is not from a Visionatrix server: ${cause ? JSON.stringify(cause.slice(0, 60)) : "empty"}. Check that ${baseUrl} is its address, and that no proxy replaces its responses.`,
      request,
    );
  }
  if (cause === REQUEST_TIMEOUT)
    return new ConnectionError(`${asked} at ${baseUrl} timed out.`, request, undefined, {
      timedOut: true,
    });
  const neverSent = surelyNeverSent(cause);
  if (!neverSent && plain && (await isForbidden(baseUrl, clock)))
    return new RequestError(
      "origin_not_allowed",
      `The server at ${baseUrl} is running, but does not allow this page to use it: set CORS_ORIGINS=${location.origin} in the server's environment and restart it. Nothing was sent.`,
      request,
      cause,
    );
  return new ConnectionError(
    neverSent
      ? `No Visionatrix server can be reached at ${baseUrl} (${reasonOf(cause)}). ${advice(cause)}`
      : `The connection to ${baseUrl} broke during ${asked} (${reasonOf(cause)}).`,
    request,
    cause,
    { neverSent },
  );
}

/** What to check when a server cannot be reached. */
function advice(cause: unknown): string {
  return /WRONG_VERSION_NUMBER|packet length too long/.test(reasonsOf(cause))
    ? "The server does not use https: is its address http://…?"
    : "Is it running, and is the address right?";
}

/**
 * Whether a browser blocks this page from the server, which it does not report: the server is reachable, but
 * its responses may not be read. A create was then stopped by the preflight request.
 */
async function isForbidden(baseUrl: string, clock: Clock): Promise<boolean> {
  const { location } = globalThis as { location?: Location };
  if (!location || new URL(baseUrl).origin === location.origin) return false;
  const stop = stopper(clock, [], PROBE_MS, REQUEST_TIMEOUT);
  const ask = (mode: RequestMode): Promise<boolean> =>
    fetch(`${baseUrl}/vapi/other/whoami`, {
      mode,
      cache: "no-store",
      credentials: "omit",
      signal: stop.signal,
    }).then(
      () => true,
      () => false,
    );
  const [reachable, readable] = await Promise.all([ask("no-cors"), ask("cors")]);
  stop.release();
  return reachable && !readable;
}

/** The error for a redirect, which is never followed. */
function redirected(
  baseUrl: string,
  request: RequestFacts,
  target: string | null,
): InvalidResponseError {
  return new InvalidResponseError(
    "redirected",
    `${baseUrl} redirects to ${target ?? "another address"}. Credentials do not follow redirects: use the final address as baseUrl.`,
    request,
  );
}

/** The server's error message from a response body, on one line. */
function detailOf(body: string): string {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    if (typeof detail === "string") return detail;
    if (Array.isArray(detail))
      return (detail as { loc?: unknown[]; msg?: unknown }[])
        .map(({ loc, msg }) => `${loc?.slice(1).join(".")}: ${String(msg)}`)
        .join("; ");
  } catch {
    // Not JSON: a plain text of the server, or a proxy's page.
  }
  const title = /<title>([^<]*)/i.exec(body)?.[1];
  return (title ?? (/^\s*</.test(body) ? "an HTML page" : body)).trim().slice(0, 300);
}

/** Reads an error response. Never throws, whatever the body holds. */
async function httpError(
  baseUrl: string,
  clock: Clock,
  request: RequestFacts,
  answer: Answer,
): Promise<HttpError> {
  const { status, headers } = answer;
  const stop = stopper(clock, [], DETAIL_MS, REQUEST_TIMEOUT);
  const body = await answer.text(stop.signal).catch(() => "");
  const detail = detailOf(body);
  stop.release();
  const [code, advice] = meaning(request, status, detail, headers.get("www-authenticate") !== null);
  return new HttpError(
    code,
    `${request.method} ${request.path} at ${baseUrl} failed with ${status}${detail && `: ${detail}`}${/[.!?]$/.test(detail) ? "" : "."} ${advice}`.trim(),
    request,
    {
      status,
      detail,
      spoken: /^{"detail"/.test(body),
      retryAfterMs: retryAfterMs(headers.get("retry-after"), headers.get("date")),
    },
  );
}

/**
 * `Retry-After` in ms from now; undefined when missing, or neither seconds nor a date. Pure: a date is
 * measured from the response's own date, because the clocks of two machines differ.
 */
function retryAfterMs(header: string | null, date: string | null): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const ms = /[a-z]/i.test(header) ? Date.parse(header) - Date.parse(date ?? "") : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Error code and advice for a status. */
function meaning(
  { method, path }: RequestFacts,
  status: number,
  detail: string,
  challenged: boolean,
): [code: ErrorCode, advice: string] {
  const create = method === "PUT" && path.includes("/create/");
  switch (status) {
    case 401:
      return challenged || !/admin/i.test(detail)
        ? [
            "not_authenticated",
            "The user name or the password is wrong, or missing: check `auth` (in the examples VIX_USERNAME and VIX_PASSWORD).",
          ]
        : ["admin_required", "This requires an admin's credentials."];
    case 404:
      if (create && detail.startsWith("Flow `"))
        return [
          "flow_not_installed",
          "Install the flow on that server, or check its id against client.flows().",
        ];
      // Sent by the server itself, not by a proxy in front of it.
      if (detail.startsWith("Task `")) return ["task_not_found", ""];
      return [
        "not_found",
        detail === "Not Found" ? "Is the baseUrl that of a Visionatrix server?" : "",
      ];
    case 422:
      return ["invalid_fields", ""];
    case 429:
    case 503:
      return ["busy", "Try again later."];
    case 500:
      return [
        "server_error",
        create && detail === "Internal Server Error"
          ? "The server could not use a parameter: its flow probably differs from the generated one. Pull and generate again."
          : "",
      ];
    default:
      return [status < 500 ? "bad_request" : "server_error", ""];
  }
}

/**
 * How requests are sent: by the platform's `fetch` or another one, called as `fetch(url, init)` with values
 * that every implementation accepts.
 */
import type { Bytes } from "../bytes/bytes.js";
import { VisionatrixError } from "../errors/errors.js";

/** The second argument of `fetch`. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  /** Bytes, a `Blob`, or a stream; of a type of the platform's own. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body?: any;
  // Implementations disagree on what a signal is; each takes the platform's.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  signal?: any;
  redirect?: "manual" | "error";
  cache?: "no-store";
  /** Node requires it for streams. */
  duplex?: "half";
}

/**
 * The part of a response that is used. A `Response` of any implementation fits, and so does an object like
 * it.
 */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: object;
  readonly body?: unknown;
  readonly type?: string;
  /** The body as text; used when `body` is not a stream. */
  text?: () => Promise<string>;
}

/** Sends a request. The platform's `fetch` fits, and so do those of undici and node-fetch. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

/** Sees every request and response, as the platform's own objects, and may change both. */
export type Middleware = (
  request: Request,
  next: (request: Request) => Promise<Response>,
) => Promise<Response>;

/** Wraps a `fetch` in layers, outermost first. */
export function withMiddleware(fetch: Fetch, layers: readonly Middleware[]): Fetch {
  if (layers.length === 0) return fetch;
  return (url, init) => {
    const made = new Request(url, requestInit(init));
    const send = async (request: Request): Promise<Response> => {
      const { method, signal } = request;
      const headers = Object.fromEntries(request.headers);
      // An unchanged body is passed on in its original form, not as the platform wrapped it.
      const isOurs = request === made || request.body === made.body;
      const sent: FetchInit = { ...init, method, headers, signal };
      if (!isOurs) Object.assign(sent, { body: request.body ?? undefined, duplex: "half" });
      return (await fetch(request.url, sent)) as Response;
    };
    return layers.reduceRight<(request: Request) => Promise<Response>>(
      (next, layer) => (request) => layer(request, next),
      send,
    )(made);
  };
}

function requestInit(init: FetchInit): RequestInit {
  const { method, headers, redirect, cache, duplex } = init;
  const { body, signal } = init as { body?: Bytes; signal?: AbortSignal };
  return {
    method,
    headers,
    ...(body !== undefined && { body }),
    ...(signal !== undefined && { signal }),
    ...(redirect && { redirect }),
    ...(cache && { cache }),
    ...(duplex && { duplex }),
  };
}

/** Whether the platform's requests accept this signal; in test environments it may be of another realm. */
export function takesSignals(): boolean {
  try {
    return Boolean(new Request("http://localhost/", { signal: new AbortController().signal }));
  } catch {
    return false;
  }
}

/** The error for a `fetch` option that does not behave like one. */
export function badFetch(what: string, cause?: unknown): VisionatrixError {
  return new VisionatrixError(
    "invalid_option",
    `The option \`fetch\` must be a function (url, init) => Promise of a response with \`status\`, \`headers\` and a body, as the platform's own: ${what}.`,
    { cause },
  );
}

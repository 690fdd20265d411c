/**
 * How requests are carried out: by the platform's `fetch` or by another, called as `fetch(url, init)`
 * with values that every implementation takes, and whatever it answers with.
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
  /** Node needs it for streams. */
  duplex?: "half";
}

/** What is used of an answer; a `Response` of any implementation is one, and so is an object like it. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: object;
  readonly body?: unknown;
  readonly type?: string;
  /** The body as text; used where `body` is no stream. */
  text?: () => Promise<string>;
}

/** Carries out a request. The platform's `fetch` is one, and so are those of undici and node-fetch. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

/** Sees every request and answer, as the platform's own objects; may change both. */
export type Middleware = (
  request: Request,
  next: (request: Request) => Promise<Response>,
) => Promise<Response>;

/** Puts layers around a `fetch`, the first outermost. */
export function withMiddleware(fetch: Fetch, layers: readonly Middleware[]): Fetch {
  if (layers.length === 0) return fetch;
  return (url, init) => {
    const made = new Request(url, requestInit(init));
    const send = async (request: Request): Promise<Response> => {
      const { method, signal } = request;
      const headers = Object.fromEntries(request.headers);
      // A body that nobody has touched goes on as it was, and not as the platform wrapped it.
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

/** Whether the platform's requests take this signal; those of test environments may be of another realm. */
export function takesSignals(): boolean {
  try {
    return Boolean(new Request("http://localhost/", { signal: new AbortController().signal }));
  } catch {
    return false;
  }
}

/** The error for a `fetch` option that does not do what one does. */
export function badFetch(what: string, cause?: unknown): VisionatrixError {
  return new VisionatrixError(
    "invalid_option",
    `The option \`fetch\` must be a function (url, init) => Promise of an answer with \`status\`, \`headers\` and a body, as the platform's own: ${what}.`,
    { cause },
  );
}

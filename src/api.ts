/**
 * Talks to the server. Requests are typed by `generated/tasks.d.ts` and built by openapi-fetch; this
 * module adds credentials, time limits, and errors that say what happened. The endpoints themselves are
 * in `api-watch.ts` and `api-more.ts`, the errors' words in `failure.ts`; all load when needed.
 */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { paths } from "../generated/tasks.js";
import { VisionatrixError } from "./errors.js";
import type { ClientOptions, Fetch } from "./options.js";
import { REQUEST_TIMEOUT, stopper } from "./stop.js";
import type { UploadInit } from "./upload.js";

/** An answer and what it cost. */
export interface Sized<T> {
  data: T;
  /** Length of the answer in characters, near enough to bytes. */
  size: number;
}

/** What a request to openapi-fetch is made with, beside what the endpoint takes. */
export interface Init {
  signal: AbortSignal;
  fetch: (request: Request) => Promise<Response>;
}

/** How a request's answer is read. */
export interface Reading<T> {
  /** Must be in the answer for it to be taken for the server's. */
  key?: keyof T & string;
  /** Longest wait for the whole answer. */
  timeoutMs?: number | undefined;
  via?: UploadInit["via"];
}

export interface Api {
  readonly http: FetchClient<paths>;
  /** Sends a request that openapi-fetch makes under a time limit, and reads its JSON answer. */
  json<T>(
    signal: AbortSignal | undefined,
    request: (init: Init) => Promise<{ data?: T; response: Response }>,
    reading?: Reading<T>,
  ): Promise<Sized<T>>;
  /** Whether the server has ever answered. */
  answered(): boolean;
}

// openapi-fetch would parse the answer and lose its size; types stay as they are.
export const UNREAD = { parseAs: "stream" } as object;

/** `Authorization` value; names and passwords may hold any character. */
function basicAuth(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Whether an answer has the shape that was asked for: a list without a key holds objects alone. */
function fits(data: unknown, key: string | undefined): boolean {
  if (typeof data !== "object" || !data) return false;
  if (!key) return Object.values(data).every((item) => typeof item === "object" && item);
  const value = (data as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

export function createApi(baseUrl: string, options: ClientOptions): Api {
  const { auth, headers, logger, middleware = [] } = options;
  const fetch = middleware.reduceRight<Fetch>(
    (next, layer) => (request) => layer(request, next),
    options.fetch ?? ((request) => globalThis.fetch(request)),
  );
  let requests = 0;
  let answered = false;

  const http = createFetchClient<paths>({
    baseUrl,
    fetch: (request) => send(request),
    // Frameworks cache GET, and a cached progress never moves.
    cache: "no-store",
    // Credentials do not follow redirects.
    redirect: "manual",
    headers: {
      ...headers,
      ...(auth && { authorization: basicAuth(auth.username, auth.password) }),
    },
  });

  async function send(request: Request, via?: UploadInit["via"]): Promise<Response> {
    const start = Date.now();
    let response: Response | undefined;
    let broken: unknown;
    try {
      response = await (via
        ? via(request, fetch, !options.fetch && !middleware.length)
        : fetch(request));
      answered = true;
    } catch (error) {
      broken = error;
    }
    logger?.debug(
      `#${++requests} ${request.method} ${pathOf(request)} ${response?.status ?? "failed"} in ${Date.now() - start} ms`,
    );
    // Also a redirect, which browsers show with status 0.
    if (!response?.ok) throw await failure(request, response ?? broken);
    return response;
  }

  /** Path below the base URL, without query. */
  const pathOf = ({ url }: Request): string => url.slice(baseUrl.length).replace(/\?.*/, "");

  /** The error for what went wrong with a request: what was thrown, an answer, or its unusable text. */
  async function failure(
    request: Request,
    cause: unknown,
    signal = request.signal,
  ): Promise<unknown> {
    const { aborted, reason } = signal as { aborted: boolean; reason: unknown };
    if (aborted && reason !== REQUEST_TIMEOUT) return reason;
    try {
      const { explain } = await import("./later/trouble.js");
      const facts = { method: request.method, path: pathOf(request) };
      return await explain(baseUrl, facts, aborted ? reason : cause);
    } catch {
      // A browser that is offline cannot load that module either.
      return new VisionatrixError("connection_lost", `${baseUrl} cannot be reached.`, { cause });
    }
  }

  return {
    http,
    answered: () => answered,

    async json<T>(
      signal: AbortSignal | undefined,
      run: (init: Init) => Promise<{ data?: T; response: Response }>,
      { key, timeoutMs = options.retry?.requestMs ?? 15_000, via }: Reading<T> = {},
    ): Promise<Sized<T>> {
      const stop = stopper([signal], timeoutMs, REQUEST_TIMEOUT);
      let asked: Request | undefined;
      try {
        const { response } = await run({
          ...UNREAD,
          signal: stop.signal,
          fetch: (request: Request) => send((asked = request), via),
        });
        let text: string | undefined;
        let broken: unknown;
        try {
          text = await response.text();
          const data = text && (JSON.parse(text) as object);
          // Endpoints answer with an object or an array, or, with 204, with nothing.
          if (data ? fits(data, key) : response.status === 204)
            return { data: data as T, size: text.length };
        } catch (error) {
          // The connection broke, or this is not JSON, or only half of it.
          broken = error;
        }
        throw await failure(asked as Request, text ?? broken, stop.signal);
      } finally {
        stop.release();
      }
    },
  };
}

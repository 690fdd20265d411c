/**
 * Talks to one server: credentials, timeouts, a limit on concurrent requests, and errors that say what
 * happened. openapi-fetch builds the addresses. Its types are used only in `endpoints.ts`, so that programs
 * that use the client need not check them.
 */
import { createFinalURL } from "openapi-fetch";
import { VisionatrixError } from "../errors/errors.js";
import type { Clock } from "../time/clock.js";
import { createSlots, type Slots } from "../time/slots.js";
import { REQUEST_TIMEOUT, stopper, unlessAborted } from "../time/stop.js";
import { Answer, type ReadLimit } from "./answer.js";
import { basicAuth, type Credentials } from "./credentials.js";
import { explain } from "./failure.js";
import {
  takesSignals,
  withMiddleware,
  type Fetch,
  type FetchInit,
  type Middleware,
} from "./fetch.js";
import type { Logger } from "./logger.js";
import { TimeLimit } from "./time-limit.js";

/** How requests are sent. */
export interface ApiOptions {
  /** Credentials; needed when the server runs with `VIX_AUTH=1`. Sent to `baseUrl` only. */
  auth?: Credentials | undefined;
  /** Sent with every request, e.g. for a proxy. */
  headers?: Readonly<Record<string, string>>;
  /** Replaces the platform's `fetch`; called the same way. */
  fetch?: Fetch;
  /** Layers around `fetch`, outermost first. Each calls `next` or returns its own response. */
  middleware?: readonly Middleware[];
  /** Default: no logging. */
  logger?: Logger | undefined;
  /**
   * Most concurrent requests. Uploads and downloads count, and may take up half of them. Each request takes
   * one connection, and so one file handle. Default 32.
   */
  maxRequests?: number;
}

/** Carries out one request; uploads replace it with their own. */
export type Via = (
  url: string,
  init: FetchInit,
  next: Fetch,
  /** Whether `next` is the platform's own `fetch`, without layers. */
  plain: boolean,
) => Promise<unknown>;

/** What a request carries besides its parameters. */
export interface Sending {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly redirect?: "error" | undefined;
  readonly duplex?: "half" | undefined;
  readonly via?: Via | undefined;
}

/** A request of the API description, with its parameters. */
export interface Call extends Sending {
  readonly params?: object | undefined;
}

/** How to read the response to a request. */
export interface Reading<T> {
  /** A key that the response must have to count as the server's. */
  readonly key?: (keyof T & string) | undefined;
  /** Longest wait for the whole response, in ms. Default: learned from this server. */
  readonly timeoutMs?: number | undefined;
  /** Lists take the server longer, so their limit is learned separately. */
  readonly list?: boolean | undefined;
  /** Longest response that is read, in bytes. */
  readonly maxBytes?: number | undefined;
  /** The request carries a file. */
  readonly transfer?: boolean | undefined;
}

/** A response and its size. */
export interface Sized<T> {
  readonly data: T;
  /** Length of the response in characters, close enough to bytes. */
  readonly size: number;
}

export interface Api {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** Sends a request with a time limit, and parses its JSON response. `endpoints.ts` knows the types. */
  json<T>(method: string, path: string, options: Call & Reading<T>): Promise<Sized<T>>;
  /** Sends a GET for a file; the body is not read yet. */
  open(path: string, options: Call & { signal: AbortSignal }): Promise<Answer>;
  /** Limits concurrent file transfers. */
  readonly transfers: Slots;
  /** Whether the server has ever responded. */
  answered(): boolean;
  /** Time of the slowest recent response, in ms. */
  slowestMs(): number;
  /** Learned time limit for a response that is neither a list nor a file, in ms. */
  limitMs(): number;
}

/** Longest wait for one response before anything was learned, in ms. */
const REQUEST_MS = 15_000;

/** Concurrent requests in total. */
const MAX_REQUESTS = 32;

/** One request, ready to send. */
interface Outgoing extends Sending {
  readonly method: string;
  readonly url: string;
}

export function createApi(
  baseUrl: string,
  options: ApiOptions & { requestMs?: number | undefined },
  clock: Clock,
): Api {
  const { auth, headers, logger, middleware = [] } = options;
  const platform: Fetch = (url, init) => globalThis.fetch(url, init);
  const fetch = withMiddleware(options.fetch ?? platform, middleware);
  const plain = !options.fetch && middleware.length === 0;
  const signals = Boolean(options.fetch) || takesSignals();
  const most = options.maxRequests ?? MAX_REQUESTS;
  const transfers = createSlots(most / 2);
  const requests = createSlots(most - Math.floor(most / 2));
  const { requestMs = REQUEST_MS } = options;
  const oneLimit = new TimeLimit(requestMs);
  const listLimit = new TimeLimit(requestMs);
  const common = { ...headers, ...(auth && { authorization: basicAuth(auth) }) };
  let sent = 0;
  let answered = false;

  /** Path below the base URL, without query. */
  const pathOf = (url: string): string => url.slice(baseUrl.length).replace(/\?.*/, "");

  /** The error for a failed request, from what was thrown, from a response, or from its unusable text. */
  async function failure(
    { method, url }: Outgoing,
    cause: unknown,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { aborted, reason } = signal as { aborted: boolean; reason: unknown };
    if (aborted && reason !== REQUEST_TIMEOUT) return reason;
    const facts = { method, path: pathOf(url) };
    return explain({ baseUrl, clock, plain }, facts, aborted ? reason : cause);
  }

  async function send(request: Outgoing, signal: AbortSignal): Promise<Answer> {
    const { url, method, body, via, redirect = "manual", duplex } = request;
    const init: FetchInit = {
      method,
      headers: { ...common, ...request.headers },
      // Frameworks cache GET, and a cached progress never changes.
      cache: "no-store",
      // Credentials must not follow redirects.
      redirect,
      ...(body !== undefined && { body }),
      ...(signals && { signal }),
      ...(duplex && { duplex }),
    };
    const start = clock.now();
    let answer: Answer | undefined;
    let broken: unknown;
    try {
      signal.throwIfAborted();
      // The `async` function also catches what a foreign `fetch` throws synchronously.
      const answering = (async () => (via ? via(url, init, fetch, plain) : fetch(url, init)))();
      // A response that arrives after the abort is discarded.
      answering.then((late) => signal.aborted && new Answer(late).discard()).catch(() => undefined);
      answer = new Answer(await unlessAborted(answering, signal));
      answered = true;
    } catch (error) {
      broken = error;
    }
    logger?.debug(
      `#${++sent} ${method} ${pathOf(url)} ${answer?.status ?? "failed"} in ${Math.round(clock.now() - start)} ms`,
    );
    // Also a redirect, which browsers report with status 0.
    if (!answer?.ok) throw await failure(request, answer ?? broken, signal);
    return answer;
  }

  /** Builds a request of the API description. */
  function outgoing(method: string, path: string, options: Call): Outgoing {
    const { params = {}, ...sending } = options;
    const url = createFinalURL(path, {
      baseUrl,
      params: params,
      pathSerializer: (pattern, values) =>
        pattern.replace(/\{(\w+)\}/g, (_, name: string) =>
          encodeURIComponent(String(values[name])),
        ),
      querySerializer: (query) => String(new URLSearchParams(query as Record<string, string>)),
    });
    return { ...sending, method: method.toUpperCase(), url };
  }

  return {
    baseUrl,
    clock,
    logger,
    transfers,
    answered: () => answered,
    slowestMs: () => oneLimit.slowestMs,
    limitMs: () => oneLimit.ms,
    open: (path, options) => send(outgoing("get", path, options), options.signal),

    async json<T>(method: string, path: string, options: Sending & Reading<T>): Promise<Sized<T>> {
      const { key, timeoutMs, list = false, transfer = false, maxBytes } = options;
      const limit = list ? listLimit : oneLimit;
      const request = outgoing(method, path, options);
      const cap: ReadLimit | undefined =
        maxBytes === undefined
          ? undefined
          : { bytes: maxBytes, tooLong: () => tooLong(pathOf(request.url), maxBytes) };
      const release = await (transfer ? transfers : requests).take(options.signal);
      const stop = stopper(clock, [options.signal], timeoutMs ?? limit.ms, REQUEST_TIMEOUT);
      const { signal } = stop;
      const start = clock.now();
      let answer: Answer | undefined;
      try {
        answer = await send(request, signal);
        let text: string | undefined;
        let broken: unknown;
        try {
          text = await answer.text(signal, cap);
          const data = text && (JSON.parse(text) as object);
          // Endpoints respond with an object or an array, or with nothing and a 204.
          if (data ? fits(data, key) : answer.status === 204) {
            if (!transfer) limit.answered(clock.now() - start);
            return { data: data as T, size: text.length };
          }
        } catch (error) {
          // The connection broke, or the body is not JSON, or truncated.
          broken = error;
        }
        throw await failure(request, text ?? broken, signal);
      } catch (error) {
        if (signal.aborted) {
          answer?.discard();
          if (signal.reason === REQUEST_TIMEOUT && !transfer) limit.timedOut();
        }
        throw error;
      } finally {
        stop.release();
        release();
      }
    },
  };
}

function tooLong(path: string, maxBytes: number): VisionatrixError {
  return new VisionatrixError(
    "answer_too_long",
    `The response to GET ${path} exceeds ${maxBytes} bytes: delete finished tasks of the flow, or use a separate group.`,
  );
}

/** Whether a response has the expected shape; a list without a key must hold only objects. */
function fits(data: unknown, key: string | undefined): boolean {
  if (typeof data !== "object" || !data) return false;
  if (!key) return Object.values(data).every((item) => typeof item === "object" && item);
  const value = (data as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

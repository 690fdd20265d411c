/**
 * Talks to one server: credentials, time limits, a bound on requests at once, and errors that say what
 * happened. Addresses are made by openapi-fetch; its types are those of `endpoints.ts` alone, so that
 * programs which use the client need not check them.
 */
import { createFinalURL } from "openapi-fetch";
import { VisionatrixError } from "../errors/errors.js";
import type { Clock } from "../time/clock.js";
import { createSlots, type Slots } from "../time/slots.js";
import { REQUEST_TIMEOUT, stopper, unlessAborted } from "../time/stop.js";
import { Answer } from "./answer.js";
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
  /** Credentials; needed where the server runs with `VIX_AUTH=1`. Sent to `baseUrl` only. */
  auth?: Credentials | undefined;
  /** Sent with every request, e.g. for a proxy. */
  headers?: Readonly<Record<string, string>>;
  /** Used instead of the platform's `fetch`, and called like it. */
  fetch?: Fetch;
  /** Layers around `fetch`, the first outermost; each calls `next` or answers by itself. */
  middleware?: readonly Middleware[];
  /** Default: nothing is logged. */
  logger?: Logger | undefined;
  /**
   * Requests that may be under way at once, uploads and downloads included, of which these may be half.
   * Each takes one connection, and so one file handle. Default 32.
   */
  maxRequests?: number;
}

/** Carries out one request; an upload does it in a way of its own. */
export type Via = (
  url: string,
  init: FetchInit,
  next: Fetch,
  /** Whether `next` is the platform's `fetch` and nothing else. */
  plain: boolean,
) => Promise<unknown>;

/** What a request carries beside its parameters. */
export interface Sending {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly redirect?: "error" | undefined;
  readonly duplex?: "half" | undefined;
  readonly via?: Via | undefined;
}

/** A request of the description's: what it carries, and its parameters. */
export interface Call extends Sending {
  readonly params?: object | undefined;
}

/** How a request's answer is read. */
export interface Reading<T> {
  /** Must be in the answer for it to be taken for the server's. */
  readonly key?: (keyof T & string) | undefined;
  /** Longest wait for the whole answer, in ms. Default: what this server needs, as learnt. */
  readonly timeoutMs?: number | undefined;
  /** Lists take the server longer, so that their limit is learnt apart. */
  readonly list?: boolean | undefined;
  /** Longest answer that is read, in bytes. */
  readonly maxBytes?: number | undefined;
  /** The request carries a file. */
  readonly transfer?: boolean | undefined;
}

/** An answer and what it cost. */
export interface Sized<T> {
  readonly data: T;
  /** Length of the answer in characters, near enough to bytes. */
  readonly size: number;
}

export interface Api {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** Sends a request under a time limit, and reads its JSON answer. `endpoints.ts` knows the types. */
  json<T>(method: string, path: string, options: Call & Reading<T>): Promise<Sized<T>>;
  /** Sends a GET whose answer is a file; its body is not read yet. */
  open(path: string, options: Call & { signal: AbortSignal }): Promise<Answer>;
  /** Bounds transfers of files. */
  readonly transfers: Slots;
  /** Whether the server has ever answered. */
  answered(): boolean;
  /** What the slowest answer of late has taken, in ms. */
  slowestMs(): number;
  /** How long an answer may take that is no list and no file, as learnt, in ms. */
  limitMs(): number;
}

/** Longest wait for one answer where nothing was learnt yet, in ms. */
const REQUEST_MS = 15_000;

/** Requests at once, in all. */
const MAX_REQUESTS = 32;

/** One request, as it is sent. */
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

  /** The error for what went wrong: what was thrown, an answer, or its unusable text. */
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
      // Frameworks cache GET, and a cached progress never moves.
      cache: "no-store",
      // Credentials do not follow redirects.
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
      // Whatever a `fetch` of somebody else's throws or gives.
      const answering = (async () => (via ? via(url, init, fetch, plain) : fetch(url, init)))();
      // What comes after everyone has left is let go of.
      answering.then((late) => signal.aborted && new Answer(late).discard()).catch(() => undefined);
      answer = new Answer(await unlessAborted(answering, signal));
      answered = true;
    } catch (error) {
      broken = error;
    }
    logger?.debug(
      `#${++sent} ${method} ${pathOf(url)} ${answer?.status ?? "failed"} in ${Math.round(clock.now() - start)} ms`,
    );
    // Also a redirect, which browsers show with status 0.
    if (!answer?.ok) throw await failure(request, answer ?? broken, signal);
    return answer;
  }

  /** A request of the description's, as it is sent. */
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
      const { key, timeoutMs, list = false, transfer = false, maxBytes = Infinity } = options;
      const limit = list ? listLimit : oneLimit;
      const request = outgoing(method, path, options);
      const release = await (transfer ? transfers : requests).take(options.signal);
      const stop = stopper(clock, [options.signal], timeoutMs ?? limit.ms, REQUEST_TIMEOUT);
      const { signal } = stop;
      const start = clock.now();
      let answer: Answer | undefined;
      try {
        answer = await send(request, signal);
        const limited = {
          bytes: maxBytes,
          tooLong: () => tooLong(pathOf(request.url), maxBytes),
        };
        if (Number(answer.headers.get("content-length")) > maxBytes) {
          answer.discard();
          throw limited.tooLong();
        }
        let text: string | undefined;
        let broken: unknown;
        try {
          text = await answer.text(signal, maxBytes < Infinity ? limited : undefined);
          const data = text && (JSON.parse(text) as object);
          // Endpoints answer with an object or an array, or, with 204, with nothing.
          if (data ? fits(data, key) : answer.status === 204) {
            if (!transfer) limit.answered(clock.now() - start);
            return { data: data as T, size: text.length };
          }
        } catch (error) {
          // The connection broke, or this is not JSON, or only half of it.
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
    `The answer to GET ${path} has more than ${maxBytes} bytes: delete finished tasks of the flow, or use a group of its own.`,
  );
}

/** Whether an answer has the shape that was asked for: a list without a key holds objects alone. */
function fits(data: unknown, key: string | undefined): boolean {
  if (typeof data !== "object" || !data) return false;
  if (!key) return Object.values(data).every((item) => typeof item === "object" && item);
  const value = (data as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

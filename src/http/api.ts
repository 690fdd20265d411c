/**
 * Talks to one server. Requests are typed by `generated/tasks.d.ts` and built by openapi-fetch; this
 * module adds credentials, time limits, a bound on requests at once, and errors that say what happened.
 */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { paths } from "../../generated/tasks.js";
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

/** An answer and what it cost. */
export interface Sized<T> {
  data: T;
  /** Length of the answer in characters, near enough to bytes. */
  size: number;
}

/** Carries out one request; an upload does it in a way of its own. */
export type Via = (
  url: string,
  init: FetchInit,
  next: Fetch,
  /** Whether `next` is the platform's `fetch` and nothing else. */
  plain: boolean,
) => Promise<unknown>;

/** What a request to openapi-fetch is made with, beside what the endpoint takes. */
export interface Init {
  signal: AbortSignal;
  fetch: (request: Request) => Promise<Response>;
}

/** How a request's answer is read. */
export interface Reading<T> {
  /** Must be in the answer for it to be taken for the server's. */
  key?: keyof T & string;
  /** Longest wait for the whole answer, in ms. Default: what this server needs, as learnt. */
  timeoutMs?: number | undefined;
  /** Lists take the server longer, so that their limit is learnt apart. */
  limit?: "list";
  via?: Via | undefined;
  /** The request carries or brings a file. */
  transfer?: boolean;
}

export interface Api {
  readonly baseUrl: string;
  readonly http: FetchClient<paths>;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** Sends a request that openapi-fetch makes under a time limit, and reads its JSON answer. */
  json<T>(
    signal: AbortSignal | undefined,
    request: (init: Init) => Promise<unknown>,
    reading?: Reading<T>,
  ): Promise<Sized<T>>;
  /** Sends a request whose answer is a file; its body is not read yet. */
  open(signal: AbortSignal, request: (init: Init) => Promise<unknown>): Promise<Answer>;
  /** Bounds transfers of files. */
  readonly transfers: Slots;
  /** Whether the server has ever answered. */
  answered(): boolean;
  /** What the slowest answer of late has taken, in ms. */
  slowestMs(): number;
}

// openapi-fetch would parse the answer and lose its size; types stay as they are.
const UNREAD = { parseAs: "stream" } as object;

/** Longest wait for one answer where nothing was learnt yet, in ms. */
const REQUEST_MS = 15_000;

/** Requests at once, in all. */
const MAX_REQUESTS = 32;

/**
 * What openapi-fetch makes in place of a `Request`: that of the platform would copy bodies, and refuses
 * the signals of test environments.
 */
class Outgoing {
  readonly url: string;
  constructor(url: string, init: object) {
    this.url = url;
    Object.assign(this, init);
  }
}

type OutgoingRequest = Outgoing &
  Omit<FetchInit, "headers" | "method"> & { headers: Headers; method: string };

export function createApi(
  baseUrl: string,
  options: ApiOptions & { requestMs?: number | undefined },
  clock: Clock,
): Api {
  const { auth, headers, logger, middleware = [] } = options;
  const platform: Fetch = (url, init) => globalThis.fetch(url, init as RequestInit);
  const fetch = withMiddleware(options.fetch ?? platform, middleware);
  const plain = !options.fetch && middleware.length === 0;
  const signals = Boolean(options.fetch) || takesSignals();
  const most = options.maxRequests ?? MAX_REQUESTS;
  const transfers = createSlots(most / 2);
  const requests = createSlots(most - Math.floor(most / 2));
  const limits = {
    one: new TimeLimit(options.requestMs ?? REQUEST_MS),
    list: new TimeLimit(options.requestMs ?? REQUEST_MS),
  };
  let sent = 0;
  let answered = false;

  const http = createFetchClient<paths>({
    baseUrl,
    Request: Outgoing as unknown as typeof Request,
    headers: { ...headers, ...(auth && { authorization: basicAuth(auth) }) },
  });

  /** Path below the base URL, without query. */
  const pathOf = (url: string): string => url.slice(baseUrl.length).replace(/\?.*/, "");

  /** The error for what went wrong: what was thrown, an answer, or its unusable text. */
  async function failure(
    request: OutgoingRequest,
    cause: unknown,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { aborted, reason } = signal as { aborted: boolean; reason: unknown };
    if (aborted && reason !== REQUEST_TIMEOUT) return reason;
    const facts = { method: request.method, path: pathOf(request.url) };
    return explain({ baseUrl, clock, plain }, facts, aborted ? reason : cause);
  }

  async function send(request: OutgoingRequest, signal: AbortSignal, via?: Via): Promise<Answer> {
    const { url, method, body } = request;
    const init: FetchInit = {
      method,
      headers: Object.fromEntries(request.headers),
      ...(body !== undefined && { body: body as unknown }),
      ...(signals && { signal }),
      // Frameworks cache GET, and a cached progress never moves.
      cache: "no-store",
      // Credentials do not follow redirects.
      redirect: request.redirect === "error" ? "error" : "manual",
      ...(request.duplex && { duplex: request.duplex }),
    };
    const start = clock.now();
    let answer: Answer | undefined;
    let broken: unknown;
    try {
      signal.throwIfAborted();
      const answering = (via ? via(url, init, fetch, plain) : fetch(url, init)) as Promise<unknown>;
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

  return {
    baseUrl,
    http,
    clock,
    logger,
    transfers,
    answered: () => answered,
    slowestMs: () => limits.one.slowestMs,

    async open(signal, run) {
      let answer: Answer | undefined;
      await run({
        ...UNREAD,
        signal,
        fetch: async (request) =>
          (answer = await send(
            request as unknown as OutgoingRequest,
            signal,
          )) as unknown as Response,
      });
      return answer as Answer;
    },

    async json<T>(
      signal: AbortSignal | undefined,
      run: (init: Init) => Promise<unknown>,
      { key, timeoutMs, limit = "one" as never, via, transfer = false }: Reading<T> = {},
    ): Promise<Sized<T>> {
      const learnt = limits[limit as "list" | "one"];
      const release = await (transfer ? transfers : requests).take(signal);
      const stop = stopper(clock, [signal], timeoutMs ?? learnt.ms, REQUEST_TIMEOUT);
      const start = clock.now();
      let asked: OutgoingRequest | undefined;
      let answer: Answer | undefined;
      try {
        await run({
          ...UNREAD,
          signal: stop.signal,
          fetch: async (request) => {
            asked = request as unknown as OutgoingRequest;
            return (answer = await send(asked, stop.signal, via)) as unknown as Response;
          },
        });
        let text: string | undefined;
        let broken: unknown;
        try {
          text = await (answer as Answer).text(stop.signal);
          const data = text && (JSON.parse(text) as object);
          // Endpoints answer with an object or an array, or, with 204, with nothing.
          if (data ? fits(data, key) : (answer as Answer).status === 204) {
            if (!transfer) learnt.answered(clock.now() - start);
            return { data: data as T, size: text.length };
          }
        } catch (error) {
          // The connection broke, or this is not JSON, or only half of it.
          broken = error;
        }
        throw await failure(asked as OutgoingRequest, text ?? broken, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) {
          answer?.discard();
          if (stop.signal.reason === REQUEST_TIMEOUT && !transfer) learnt.timedOut();
        }
        throw error;
      } finally {
        stop.release();
        release();
      }
    },
  };
}

/** Whether an answer has the shape that was asked for: a list without a key holds objects alone. */
function fits(data: unknown, key: string | undefined): boolean {
  if (typeof data !== "object" || !data) return false;
  if (!key) return Object.values(data).every((item) => typeof item === "object" && item);
  const value = (data as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

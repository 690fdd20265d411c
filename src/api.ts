/**
 * The server's endpoints as functions. Requests are typed by `generated/tasks.d.ts` and built by
 * openapi-fetch; this module adds credentials, time limits, and errors that say what happened. What a
 * run that goes well does not need is in `api-more.ts` and `failure.ts`, which load when needed.
 */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { CreatedTasks, TaskDetails, TaskSummary, paths } from "../generated/tasks.js";
import { VisionatrixError, type RequestFacts } from "./errors.js";
import type { ClientOptions, Fetch, Logger } from "./options.js";
import { REQUEST_TIMEOUT, stopper } from "./stop.js";
import type { UploadInit } from "./upload.js";

/** Which tasks a list holds. */
export interface ListFilter {
  name?: string;
  group_scope?: number;
}

/** An answer and what it cost. */
export interface Sized<T> {
  data: T;
  /** Length of the answer in characters, near enough to bytes. */
  size: number;
}

/** Which file is wanted of a task. */
export interface ResultAddress {
  task_id: number;
  node_id: number;
  batch_index: number;
}

/** A request that openapi-fetch is to make, under a signal. */
type Send<T> = (signal: AbortSignal) => Promise<{ data?: T; response: Response }>;

export interface Api {
  readonly http: FetchClient<paths>;
  /**
   * Sends a request under a time limit, in ms, and reads its JSON answer.
   * @param key that the answer must have to be taken for the server's
   */
  json<T>(
    signal: AbortSignal | undefined,
    send: Send<T>,
    key?: keyof T & string,
    timeoutMs?: number,
  ): Promise<Sized<T>>;
  /** Whether the server has ever answered. */
  answered(): boolean;
  /** Creates tasks; sends once. */
  create(
    flow: string,
    init: UploadInit,
    signal: AbortSignal,
    timeoutMs: number,
    headers?: Readonly<Record<string, string>>,
  ): Promise<CreatedTasks>;
  task(id: number, signal?: AbortSignal): Promise<Sized<TaskDetails>>;
  summaries(query: ListFilter, signal?: AbortSignal): Promise<Sized<Record<string, TaskSummary>>>;
  /** Opens a result file; the body is not read, so there is no time limit but the caller's. */
  result(
    query: ResultAddress,
    init: { signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response>;
}

// openapi-fetch would parse the answer and lose both its size and what was asked; types stay as they are.
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

export function createApi(options: ClientOptions, logger: Logger): Api {
  const { baseUrl, auth, headers, middleware = [] } = options;
  const fetch = middleware.reduceRight<Fetch>(
    (next, layer) => (request) => layer(request, next),
    options.fetch ?? ((request) => globalThis.fetch(request)),
  );
  const basePath = new URL(baseUrl).pathname.replace(/\/$/, "");
  const asked = new WeakMap<Response, RequestFacts>();
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
    const { pathname } = new URL(request.url);
    const facts = { method: request.method, path: pathname.slice(basePath.length) };
    const line = `#${++requests} ${facts.method} ${facts.path}`;
    const start = Date.now();
    let response: Response;
    try {
      response = await (via
        ? via(request, fetch, !options.fetch && middleware.length === 0)
        : fetch(request));
    } catch (cause) {
      logger.debug(`${line} failed after ${Date.now() - start} ms`);
      throw await failure(facts, cause, request.signal);
    }
    answered = true;
    logger.debug(`${line} ${response.status} in ${Date.now() - start} ms`);
    // Also a redirect, which browsers show with status 0.
    if (!response.ok) throw await failure(facts, response);
    asked.set(response, facts);
    return response;
  }

  /** The error for what went wrong with a request: what was thrown, an answer, or its unusable text. */
  async function failure(
    facts: RequestFacts,
    cause: unknown,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (signal?.aborted && signal.reason !== REQUEST_TIMEOUT) return signal.reason;
    try {
      const { explain } = await import("./failure.js");
      return await explain(baseUrl, facts, signal?.aborted ? REQUEST_TIMEOUT : cause);
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
      run: Send<T>,
      key?: keyof T & string,
      timeoutMs = options.retry?.requestMs ?? 15_000,
    ): Promise<Sized<T>> {
      const stop = stopper([signal], timeoutMs, REQUEST_TIMEOUT);
      try {
        const { response } = await run(stop.signal);
        const facts = asked.get(response) as RequestFacts;
        const text = await response.text().catch(async (cause: unknown) => {
          throw await failure(facts, cause, stop.signal);
        });
        try {
          const data = text && (JSON.parse(text) as object);
          // Endpoints answer with an object or an array, or, with 204, with nothing.
          if (data ? fits(data, key) : response.status === 204)
            return { data: data as T, size: text.length };
        } catch {
          // Not JSON, or only half of it.
        }
        throw await failure(facts, text);
      } finally {
        stop.release();
      }
    },

    async create(name, { headers, via, ...init }, signal, timeoutMs, extraHeaders) {
      const { data } = await this.json(
        signal,
        (limit) =>
          http.PUT("/vapi/tasks/create/{name}", {
            ...UNREAD,
            params: { path: { name } },
            ...(init as { body: never }),
            bodySerializer: (body) => body,
            headers: { ...extraHeaders, ...headers },
            signal: limit,
            ...(via && { fetch: (request: Request) => send(request, via) }),
          }),
        "tasks_ids",
        timeoutMs,
      );
      return data;
    },

    task(id, signal) {
      return this.json(
        signal,
        (limit) =>
          http.GET("/vapi/tasks/progress/{task_id}", {
            ...UNREAD,
            params: { path: { task_id: id } },
            signal: limit,
          }),
        "progress",
      );
    },

    summaries(query, signal) {
      return this.json(signal, (limit) =>
        http.GET("/vapi/tasks/progress-summary", { ...UNREAD, params: { query }, signal: limit }),
      );
    },

    async result(query, init) {
      const { response } = await http.GET("/vapi/tasks/results", {
        ...UNREAD,
        params: { query },
        ...init,
      });
      return response;
    },
  };
}

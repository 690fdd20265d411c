/**
 * The server's endpoints as functions. Requests are typed by `generated/tasks.d.ts` and built by
 * openapi-fetch; this module adds credentials, time limits, and errors that say what happened.
 */
import createFetchClient from "openapi-fetch";
import type {
  CreatedTasks,
  InstalledFlow,
  TaskDetails,
  TaskSummary,
  User,
  paths,
} from "../generated/tasks.js";
import {
  ConnectionError,
  InvalidResponseError,
  TimeoutError,
  type RequestFacts,
} from "./errors.js";
import { httpError, surelyNeverSent } from "./failure.js";
import type { ClientOptions, Logger } from "./options.js";
import { toFormData, type FormPart } from "./form.js";
import { stopper } from "./stop.js";
import type { UploadInit, UploadState } from "./upload.js";

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

export type Api = ReturnType<typeof createApi>;

/** Limit of one request that has no body worth mentioning, in ms. */
const REQUEST_TIMEOUT_MS = 15_000;

// openapi-fetch would parse the answer and lose both its size and what was asked; types stay as they are.
const UNREAD = { parseAs: "stream" } as object;

/** `Authorization` value; names and passwords may hold any character. */
function basicAuth(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

export function createApi(options: ClientOptions, logger: Logger) {
  const { baseUrl, auth, headers, fetch = globalThis.fetch } = options;
  const basePath = new URL(baseUrl).pathname.replace(/\/$/, "");
  let answered = false;
  const asked = new WeakMap<Response, RequestFacts>();

  async function send(request: Request, via = fetch): Promise<Response> {
    const { pathname } = new URL(request.url);
    const facts = { method: request.method, path: pathname.slice(basePath.length) };
    let response: Response;
    try {
      response = await via(request);
    } catch (cause) {
      if (request.signal.aborted) throw request.signal.reason;
      if (request.redirect !== "error" || !/redirect/i.test(reasonOf(cause)))
        throw lost(facts, cause);
      response = await (await import("./upload.js")).whereTo(request, fetch);
    }
    answered = true;
    logger.debug(`${facts.method} ${facts.path} ${response.status}`);
    // Browsers hide where a redirect leads: type `opaqueredirect`, status 0.
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      const target = response.headers.get("location") ?? "another address";
      throw new InvalidResponseError(
        "redirected",
        `${baseUrl} redirects to ${target}. Credentials do not follow redirects: use the final address as baseUrl.`,
        facts,
      );
    }
    if (!response.ok) throw await httpError(baseUrl, facts, response);
    asked.set(response, facts);
    return response;
  }

  function lost(facts: RequestFacts, cause: unknown): ConnectionError {
    const neverSent = surelyNeverSent(cause);
    return new ConnectionError(
      neverSent
        ? `No Visionatrix server can be reached at ${baseUrl} (${reasonOf(cause)}). Is it running, and is the address right?`
        : `The connection to ${baseUrl} broke during ${facts.method} ${facts.path} (${reasonOf(cause)}).`,
      facts,
      cause,
      neverSent,
    );
  }

  const http = createFetchClient<paths>({
    baseUrl,
    fetch: send,
    // Frameworks cache GET, and a cached progress never moves.
    cache: "no-store",
    redirect: "manual",
    headers: {
      ...headers,
      ...(auth && { authorization: basicAuth(auth.username, auth.password) }),
    },
  });

  /** Reads a JSON answer whole. */
  async function sized<T>(sent: Promise<{ data?: T; response: Response }>): Promise<Sized<T>> {
    const { response } = await sent;
    const facts = asked.get(response) as RequestFacts;
    let text: string;
    try {
      text = await response.text();
    } catch (cause) {
      throw lost(facts, cause);
    }
    try {
      return { data: JSON.parse(text) as T, size: text.length };
    } catch (cause) {
      throw new InvalidResponseError(
        "not_json",
        `${facts.method} ${facts.path} at ${baseUrl} was not answered with JSON but with ${JSON.stringify(text.slice(0, 60))}. Is this address a Visionatrix server, and does a proxy stand before it?`,
        facts,
        cause,
      );
    }
  }

  /** Runs a request under a time limit of its own. */
  async function limited<T>(
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal, restart: (ms?: number) => void) => Promise<T>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<T> {
    const stop = stopper([signal], timeoutMs, "The request");
    try {
      return await run(stop.signal, stop.restart);
    } catch (error) {
      if (error instanceof TimeoutError && !signal?.aborted)
        throw new ConnectionError(
          `${baseUrl} did not answer within ${timeoutMs} ms.`,
          { method: "", path: "" },
          error,
          false,
        );
      throw error;
    } finally {
      stop.release();
    }
  }

  const json = async <T>(
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<{ data?: T; response: Response }>,
    timeoutMs?: number,
  ): Promise<T> => (await limited(signal, (limit) => sized(run(limit)), timeoutMs)).data;

  return {
    /** Whether the server has ever answered. */
    answered: (): boolean => answered,

    create: (
      flow: string,
      parts: readonly FormPart[],
      signal: AbortSignal,
      timeoutMs: number,
      extraHeaders?: Readonly<Record<string, string>>,
      upload: UploadState = {},
    ): Promise<CreatedTasks> =>
      limited(
        signal,
        async (limit, restart) => {
          const put = ({ headers, via, ...init }: UploadInit): Promise<Sized<CreatedTasks>> =>
            sized(
              http.PUT("/vapi/tasks/create/{name}", {
                ...UNREAD,
                ...(init as { body: never }),
                params: { path: { name: flow } },
                bodySerializer: (body) => body,
                headers: { ...extraHeaders, ...headers },
                signal: limit,
                ...(via && { fetch: (request: Request) => send(request, via) }),
              }),
            );
          const { data } = parts.every(({ value }) => typeof value === "string")
            ? await put({ body: toFormData(parts) })
            : await (
                await import("./upload.js")
              ).sendFiles(parts, upload, restart, options.fetch !== undefined, put);
          return data;
        },
        timeoutMs,
      ),

    task: (id: number, signal?: AbortSignal): Promise<Sized<TaskDetails>> =>
      limited(signal, (limit) =>
        sized(
          http.GET("/vapi/tasks/progress/{task_id}", {
            ...UNREAD,
            params: { path: { task_id: id } },
            signal: limit,
          }),
        ),
      ),

    summaries: (
      filter: ListFilter,
      signal?: AbortSignal,
    ): Promise<Sized<Record<string, TaskSummary>>> =>
      limited(signal, (limit) =>
        sized(
          http.GET("/vapi/tasks/progress-summary", {
            ...UNREAD,
            params: { query: filter },
            signal: limit,
          }),
        ),
      ),

    cancel: (id: number, signal?: AbortSignal): Promise<void> =>
      limited(signal, async (limit) => {
        await http.DELETE("/vapi/tasks/queue/{task_id}", {
          params: { path: { task_id: id } },
          signal: limit,
        });
      }),

    remove: (id: number, signal?: AbortSignal): Promise<void> =>
      limited(signal, async (limit) => {
        await http.DELETE("/vapi/tasks/task", {
          params: { query: { task_id: id } },
          signal: limit,
        });
      }),

    restart: (id: number, force: boolean, signal?: AbortSignal): Promise<void> =>
      limited(signal, async (limit) => {
        await http.POST("/vapi/tasks/restart", {
          params: { query: { task_id: id, force } },
          signal: limit,
        });
      }),

    /** Opens a result file; the body is not read, so there is no time limit but the caller's. */
    result: async (
      query: ResultAddress,
      init: { signal?: AbortSignal; headers?: Record<string, string> },
    ): Promise<Response> =>
      (await http.GET("/vapi/tasks/results", { ...UNREAD, params: { query }, ...init })).response,

    whoami: (signal?: AbortSignal): Promise<User> =>
      json(signal, (limit) => http.GET("/vapi/other/whoami", { ...UNREAD, signal: limit })),

    flows: (signal?: AbortSignal): Promise<InstalledFlow[]> =>
      json(signal, (limit) => http.GET("/vapi/flows/installed", { ...UNREAD, signal: limit })),
  };
}

/** The innermost message of a failed fetch; the outer one only says "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  return cause instanceof Error ? reasonOf(cause) : (code ?? message ?? String(error));
}

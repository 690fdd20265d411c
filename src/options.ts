/** Options of the client and of its calls. Parameters of flows are never among them. */
import type { FetchUrlOptions } from "./fetch-url.js";
import type { Progress } from "./run.js";

/** Where log lines go; `console` fits. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Carries out a request. */
export type Fetch = (request: Request) => Promise<Response>;

/** Sees every request and answer; may change both. */
export type Middleware = (request: Request, next: Fetch) => Promise<Response>;

export interface ClientOptions {
  /** Address of the server, e.g. `http://localhost:8288`; may have a path and a trailing slash. */
  baseUrl: string;
  /** Credentials; needed where the server runs with `VIX_AUTH=1`. Sent to `baseUrl` only. */
  auth?: { username: string; password: string } | undefined;
  /** Sent with every request, e.g. for a proxy. */
  headers?: Readonly<Record<string, string>>;
  /** Used instead of the platform's `fetch`. */
  fetch?: Fetch;
  /** Layers around `fetch`, the first outermost; each calls `next` or answers by itself. */
  middleware?: readonly Middleware[];
  /** Default: nothing is logged. */
  logger?: Logger;
  /** How long failing requests are borne with. */
  retry?: RetryOptions;
  /** How tasks are watched. */
  poll?: PollOptions;
  /** Limits for files that are given as `{ url }`. */
  fetchUrls?: FetchUrlOptions;
}

/** Stops a wait. */
export interface StopOptions {
  /** Aborting it rejects the wait at once with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Longest wait in ms, then it rejects with a `TimeoutError`. Default: no limit. */
  timeoutMs?: number | undefined;
}

export interface WaitOptions extends StopOptions {
  /** Called at every change; an error that it throws ends the wait. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Reject with `TaskStalledError` when a worker has been silent for `poll.stallMs`. Default false: the
   * state shows as `stalled`, and the wait goes on.
   */
  failOnStall?: boolean | undefined;
}

/** Options of a flow function. `signal` and `timeoutMs` hold for the whole life of the run. */
export interface RunOptions extends StopOptions {
  /** Sent with the create request, e.g. `X-WORKER-ID` of an admin. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Called while a form with files is sent; an error that it throws stops the call. After a try that
   * failed it starts again from 0. In browsers it costs one request more.
   */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** How much of a form with files has left, in bytes, its few bytes of headings included. */
export interface UploadProgress {
  readonly loaded: number;
  /** Undefined where the length of a stream is not known. */
  readonly total: number | undefined;
}

export interface PollOptions {
  /** Shortest pause between two looks at a task, in ms. Default 250. */
  minMs?: number;
  /** Longest pause, in ms. Default 5000. */
  maxMs?: number;
  /** How long an outage of the server is sat out before waits reject, in ms. Default 300 000. */
  outageMs?: number;
  /** How long a worker may be silent before its task counts as stalled, in ms. Default 600 000. */
  stallMs?: number;
}

export interface RetryOptions {
  /** How long a submit may take to settle or give up, in ms. Default 60 000. */
  budgetMs?: number;
  /** Longest wait for the answer to one request that carries no files, in ms. Default 15 000. */
  requestMs?: number;
  /**
   * When the answer to a create was lost: how long no more of its tasks must show up before the missing
   * ones are created anew, in ms. Default 2000. Longer is safer where the server is slow.
   */
  graceMs?: number;
}

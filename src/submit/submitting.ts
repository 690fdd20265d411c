/** The dependencies and time limits that all steps of a submit share. */
import type { Api } from "../http/api.js";
import type { KnownTasks } from "../tasks/known-tasks.js";

/** How long the client tries to create tasks. */
export interface RetryOptions {
  /** Longest time for a submit to settle or give up, in ms. Default 60 000. */
  budgetMs?: number;
  /**
   * Longest wait for the response to one request without files, in ms. It grows by itself if the server is
   * slow. Default 15 000.
   */
  requestMs?: number;
  /**
   * After the response to a create was lost: how long the number of its tasks must stay unchanged before the
   * missing ones are created again, in ms. Default 2000. Longer is safer if the server is slow.
   */
  graceMs?: number;
}

/** Something that stays active until the client is closed. */
export interface Closable {
  close(): Promise<void>;
}

export interface Submitting {
  readonly api: Api;
  readonly known: KnownTasks;
  /** Active guards. */
  readonly guards: Set<Closable>;
  /** Longest time for a submit to settle, in ms. */
  readonly budgetMs: number;
  /** How long the number of a lost create's tasks must stay unchanged, in ms. */
  readonly graceMs: number;
}

/** How a create is stopped. */
export interface CreateSignals {
  /** Ends pauses and further attempts, but lets a pending request finish. */
  readonly soft: AbortSignal;
  /** Aborts the request itself; after that, only a lookup can tell its outcome. */
  readonly hard: AbortSignal;
}

/** Number of lookups in the time after which the number of tasks counts as stable. */
export const LOOKS = 8;

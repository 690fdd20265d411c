/** What all steps of a submit work with, and the time that they have. */
import type { Api } from "../http/api.js";
import type { KnownTasks } from "../tasks/known-tasks.js";

/** How long the client tries to create tasks. */
export interface RetryOptions {
  /** How long a submit may take to settle or give up, in ms. Default 60 000. */
  budgetMs?: number;
  /**
   * Longest wait for the answer to one request that carries no files, in ms; grows by itself where the
   * server is slow. Default 15 000.
   */
  requestMs?: number;
  /**
   * When the answer to a create was lost: how long no more of its tasks must show up before the missing
   * ones are created anew, in ms. Default 2000. Longer is safer where the server is slow.
   */
  graceMs?: number;
}

/** Something that is looked after until the client is closed. */
export interface Closable {
  close(): Promise<void>;
}

export interface Submitting {
  readonly api: Api;
  readonly known: KnownTasks;
  /** Guards that are under way. */
  readonly guards: Set<Closable>;
  /** How long a submit may take to settle, in ms. */
  readonly budgetMs: number;
  /** How long no more tasks of a lost create must show up, in ms. */
  readonly graceMs: number;
}

/** How a create is stopped. */
export interface CreateSignals {
  /** Ends pauses and further tries, but lets a request that is under way be answered. */
  readonly soft: AbortSignal;
  /** Ends the request itself, after which only looking tells what came of it. */
  readonly hard: AbortSignal;
}

/** Looks within the time after which a number of tasks counts as stable. */
export const LOOKS = 8;

/** The methods of a running stand-in. */
import type { VirtualClock } from "./clock.js";
import type { Fault } from "./faults/fault.js";
import type { FaultState } from "./faults/script.js";
import type { RequestRecord } from "./http/record.js";
import type { WebhookRecord } from "./webhooks.js";

export interface RestartOptions {
  /** Milliseconds during which nothing listens. Default 0. */
  readonly downMs?: number;
  /** Its workers release their tasks first, so that they are queued again. Default false. */
  readonly release?: boolean;
}

/** A running stand-in. */
export interface Standin extends AsyncDisposable {
  /** Base address, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** The requests so far and their outcomes, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** The webhook calls so far. */
  readonly webhooks: readonly WebhookRecord[];
  /** The fault script with its counts. */
  readonly faults: readonly FaultState[];
  /** Number of open connections. */
  readonly connections: number;
  /** Its clock, if it was started with `clock: "virtual"`. */
  readonly clock: VirtualClock;
  /** Adds to the fault script. */
  addFaults(...faults: readonly Fault[]): void;
  clearFaults(): void;
  /** Forgets the requests recorded so far. */
  clearRequests(): void;
  /** Stops listening, so that connections are refused, until {@link Standin.goOnline}. Tasks continue. */
  goOffline(): Promise<void>;
  /** Listens again, on the same port. */
  goOnline(): Promise<void>;
  /** Resets every open connection. */
  dropConnections(): void;
  /** Closes idle connections. */
  dropIdleConnections(): void;
  /**
   * Stops and starts again on the same port. Tasks survive, as in a database. Tasks that were running stay
   * locked for ever.
   */
  restart(how?: RestartOptions): Promise<void>;
  /**
   * Resets everything to the state after the start, on the same port: no tasks, ids from 1, the faults, flows
   * and history of the options, nothing recorded, a virtual clock at its beginning. Requests in progress are
   * reset; idle connections stay open. Empties the data folder, if there is one.
   */
  reset(): Promise<void>;
  /** Stops everything and removes temporary files. */
  close(): Promise<void>;
}

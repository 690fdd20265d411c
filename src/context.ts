import type { Api } from "./api.js";
import type { ClientOptions, Logger } from "./options.js";
import type { Watcher } from "./watch.js";

/** What the parts of one client share. */
export interface Context {
  readonly api: Api;
  readonly watcher: Watcher;
  readonly logger: Logger;
  /** How long a submit may take to settle, in ms. */
  readonly budgetMs: number;
  /** How long no more tasks of a lost create must show up, in ms. */
  readonly graceMs: number;
  /** Limits for addresses in file parameters. */
  readonly fetchUrls: ClientOptions["fetchUrls"];
  /** The latest tasks that runs of this client have made: a lost create's are not among them. */
  readonly adopted: Set<number>;
}

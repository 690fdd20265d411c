import type { Api } from "./api.js";
import type { Logger } from "./options.js";
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
}

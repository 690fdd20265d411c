import type { Api } from "./api.js";
import type { KnownTasks } from "./known-tasks.js";
import type { ClientOptions } from "./options.js";
import type { Watcher } from "./watch.js";

/** What the parts of one client share. */
export interface Context {
  readonly api: Api;
  readonly options: ClientOptions;
  /** How long a submit may take to settle, in ms. */
  readonly budgetMs: number;
  readonly known: KnownTasks;
  /** Made when something is waited for first. */
  watcher?: Watcher;
}

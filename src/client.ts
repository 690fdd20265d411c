/** The client: one server, one set of credentials, one watcher. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import { createApi } from "./api.js";
import type { Context } from "./context.js";
import { VisionatrixError, type SubmitUncertainError } from "./errors.js";
import type { Flow } from "./flow.js";
import type { ClientOptions, Logger, RunOptions, StopOptions } from "./options.js";
import { settleLater, submitFlow } from "./pending-run.js";
import type { PendingRun, Run } from "./run.js";
import { createTask, type Task } from "./task.js";
import { createWatcher } from "./watch.js";

/** A Visionatrix server, as seen by one user. */
export interface Client {
  readonly baseUrl: string;
  /** Creates the tasks of a flow; flow functions call this. */
  submit<Params extends object>(
    flow: Flow<Params>,
    params: Params,
    options?: RunOptions,
  ): PendingRun;
  /**
   * Finds out what came of a submit whose fate was unknown: adopts its tasks, and creates what is
   * missing.
   * @throws SubmitUncertainError when it still cannot be told
   */
  settle(error: SubmitUncertainError, options?: StopOptions): Promise<Run>;
  /** Handle on a task that exists, maybe made by another process. Asks nothing of the server. */
  task(id: number): Task;
  /** Who the server takes this client for; the cheapest way to see that it answers. */
  whoami(options?: { signal?: AbortSignal }): Promise<User>;
  /** The flows that can be run on the server. */
  flows(options?: { signal?: AbortSignal }): Promise<InstalledFlow[]>;
}

const silent = (): void => undefined;
const NO_LOGGER: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * Makes a client. Asks nothing of the server.
 * @throws VisionatrixError `invalid_option` if `baseUrl` is not an http(s) address
 */
export function createClient(options: ClientOptions): Client {
  const baseUrl = checkedBaseUrl(options.baseUrl);
  const logger = options.logger ?? NO_LOGGER;
  const api = createApi({ ...options, baseUrl }, logger);
  const context: Context = {
    api,
    logger,
    watcher: createWatcher(api, options, logger),
    budgetMs: options.retry?.budgetMs ?? 60_000,
    fetchUrls: options.fetchUrls,
  };

  return {
    baseUrl,
    submit: (flow, params, runOptions) => submitFlow(context, flow, params, runOptions),
    settle: async (error, stop) => settleLater(context, error, stop),
    task: (id) => createTask(context, id),
    whoami: (stop) => api.whoami(stop?.signal),
    flows: (stop) => api.flows(stop?.signal),
  };
}

function checkedBaseUrl(baseUrl: string): string {
  let url: URL | undefined;
  try {
    url = new URL(baseUrl);
  } catch {
    // Reported below, with what was given.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new VisionatrixError(
      "invalid_option",
      `baseUrl must be the http(s) address of a server, such as "http://localhost:8288", not ${JSON.stringify(baseUrl)}.`,
    );
  if (url.username || url.password)
    throw new VisionatrixError(
      "invalid_option",
      "Give the user name and password as `auth`, not in baseUrl, where they would show in logs.",
    );
  return url.href.replace(/\/$/, "");
}

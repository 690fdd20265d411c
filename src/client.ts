/** The client: one server, one set of credentials, one watcher. Here its parts are put together. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import { checkOptions, type ClientOptions } from "./client-options.js";
import { VisionatrixError } from "./errors/errors.js";
import type { SubmitUncertainError } from "./errors/task-errors.js";
import { createApi } from "./http/api.js";
import { keepApi } from "./http/api-of.js";
import { installedFlows, whoami } from "./http/endpoints.js";
import type { Logger } from "./http/logger.js";
import { serverFlow, type ServerFlow, type ServerFlowOptions } from "./run/server-flow.js";
import type { Submitter } from "./run/define-flow.js";
import { OpenRuns, type StoppedRun } from "./run/open-runs.js";
import type { Run, StopOptions, Task } from "./run/run.js";
import { settleSubmit, submitFlow, type RunTools } from "./run/submit-flow.js";
import { createTask } from "./run/task.js";
import { KnownTasks, BoundedMap } from "./tasks/known-tasks.js";
import { cancelAll, type Cancellation } from "./tasks/cancel.js";
import { listTasks, type TaskFilter, type TaskInfo } from "./tasks/task-info.js";
import type { TaskState } from "./tasks/task-state.js";
import { systemClock } from "./time/clock.js";
import { createWatcher } from "./watch/watcher.js";

/** A Visionatrix server, as seen by one user. `submit` is what flow functions call. */
export interface Client extends Submitter, AsyncDisposable {
  readonly baseUrl: string;
  /**
   * Finds out what came of a submit whose fate was unknown: adopts its tasks, and creates what is
   * missing.
   * @throws SubmitUncertainError when it still cannot be told
   */
  settle(error: SubmitUncertainError, options?: StopOptions): Promise<Run>;
  /** Handle on a task that exists, maybe made by another process. Asks nothing of the server. */
  task(id: number): Task;
  /**
   * The caller's own tasks, oldest first, finished ones included. The server sends its whole history at
   * about 0.65 kB a task; a flow or a group make that less.
   */
  tasks(filter?: TaskFilter, options?: { signal?: AbortSignal }): Promise<TaskInfo[]>;
  /**
   * Cancels the caller's unfinished tasks, also those of other programs; one list shows them, so a flow or
   * a group make it cheaper. Takes at most `retry.budgetMs` after the list.
   * @returns what came of each
   */
  cancelAll(
    filter?: Pick<TaskFilter, "flow" | "group">,
    options?: { signal?: AbortSignal },
  ): Promise<Cancellation[]>;
  /**
   * Ends all that this client has begun: cancels the unfinished tasks of its runs, takes submits back that
   * are under way, and has waits reject with an `AbortError`, now and from now on. Takes at most 4.5 s,
   * never throws.
   * @param reason `cause` of those errors
   * @returns what came of each run
   */
  stop(reason?: unknown): Promise<StoppedRun[]>;
  /** Has a task that is waited for looked at now; webhook receivers call this. Never throws. */
  wake(taskId: number): void;
  /** The tasks that are waited for just now, as far as they are known. */
  watched(): readonly {
    readonly id: number;
    readonly state: TaskState;
    readonly percent: number;
  }[];
  /** Who the server takes this client for; the cheapest way to see that it answers. */
  whoami(options?: { signal?: AbortSignal }): Promise<User>;
  /**
   * A flow as the server lists it, for flows without generated code: its parameters are checked like those
   * of generated ones.
   * @throws VisionatrixError `flow_not_installed`
   */
  flow(id: string, options?: ServerFlowOptions): Promise<ServerFlow>;
  /** The flows that can be run on the server. */
  flows(options?: { signal?: AbortSignal }): Promise<InstalledFlow[]>;
  /**
   * Ends what the client still does: waits reject with an `AbortError`, and guards against twins look once
   * more. Tasks go on. `await using` does the same.
   */
  close(): Promise<void>;
  /** As given; webhook receivers use it. */
  readonly logger: Logger | undefined;
}

/**
 * Makes a client. Asks nothing of the server.
 * @throws VisionatrixError `invalid_option` that names the option
 */
export function createClient(options: ClientOptions): Client {
  const baseUrl = checkOptions(options);
  const { retry = {}, poll, fetchUrls, logger } = options;
  const { budgetMs = 60_000, graceMs = 2000, requestMs } = retry;
  const api = createApi(baseUrl, { ...options, requestMs }, systemClock);
  const known = new KnownTasks();
  const watcher = createWatcher(api, known, poll);
  const tools: RunTools = {
    api,
    known,
    watcher,
    budgetMs,
    graceMs,
    fetchUrls,
    open: new OpenRuns(),
    reruns: new BoundedMap(),
    guards: new Set(),
    turns: new Map(),
  };

  const close = async (): Promise<void> => {
    watcher.close();
    await Promise.all([...tools.guards].map((guard) => guard.close()));
  };
  const client: Omit<Client, "logger"> = {
    baseUrl,
    submit: (flow, params, runOptions) => submitFlow(tools, flow, params, runOptions),
    settle: (error, stop) => settleSubmit(tools, error, stop),
    task: (id) => {
      if (!(id > 0) || id % 1)
        throw new VisionatrixError("invalid_option", `A task id is a whole number, not ${id}.`);
      return createTask(tools, id);
    },
    tasks: (filter, stop) => listTasks(api, known, budgetMs, filter, stop?.signal),
    cancelAll: (filter = {}, stop) => cancelAll(api, known, filter, budgetMs, stop?.signal),
    stop: (reason) => tools.open.stop(api.clock, reason),
    wake: (id) => watcher.wake(id),
    watched: () => watcher.views(),
    whoami: (stop) => whoami(api, stop?.signal),
    flow: (id, flowOptions) => serverFlow(api, id, flowOptions),
    flows: (stop) => installedFlows(api, stop?.signal),
    close,
    [Symbol.asyncDispose]: close,
  };
  keepApi(client, api);
  // Not shown when a client is logged.
  return Object.defineProperty(client, "logger", { value: logger }) as Client;
}

/** The client: one server, one set of credentials, one watcher. This file puts its parts together. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import { checkOptions, type ClientOptions } from "./client-options.js";
import { VisionatrixError } from "./errors/errors.js";
import type { SubmitUncertainError } from "./errors/task-errors.js";
import { createApi } from "./http/api.js";
import { keepApi } from "./http/api-of.js";
import { installedFlows, whoami } from "./http/endpoints.js";
import type { Logger } from "./http/logger.js";
import { readAgain } from "./http/retried.js";
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
import { systemClock, type Clock } from "./time/clock.js";
import { createWatcher } from "./watch/watcher.js";

/** A Visionatrix server, as one user sees it. Flow functions call `submit`. */
export interface Client extends Submitter, AsyncDisposable {
  readonly baseUrl: string;
  /**
   * Settles a submit whose outcome is unknown: adopts the tasks it created, and creates the missing ones.
   * @throws SubmitUncertainError when the outcome still cannot be determined
   */
  settle(error: SubmitUncertainError, options?: StopOptions): Promise<Run>;
  /** Handle on an existing task, which may belong to another process. Sends no request. */
  task(id: number): Task;
  /**
   * The caller's own tasks, oldest first, including finished ones. The server sends the whole history, at
   * about 0.65 kB a task; a flow or a group narrows it.
   */
  tasks(filter?: TaskFilter, options?: { signal?: AbortSignal }): Promise<TaskInfo[]>;
  /**
   * Cancels the caller's unfinished tasks, including those of other programs. It lists the tasks first; a
   * flow or a group makes the list cheaper. Takes at most `retry.budgetMs` after the list.
   * @returns the outcome for each task
   */
  cancelAll(
    filter?: Pick<TaskFilter, "flow" | "group">,
    options?: { signal?: AbortSignal },
  ): Promise<Cancellation[]>;
  /**
   * Stops everything this client started: cancels the unfinished tasks of its runs, cancels pending submits,
   * and rejects waits with an `AbortError`, now and from then on. Takes at most 4.5 s, never throws.
   * @param reason `cause` of those errors
   * @returns the outcome for each run
   */
  stop(reason?: unknown): Promise<StoppedRun[]>;
  /** Polls a task at once, if something waits for it; webhook receivers call this. Never throws. */
  wake(taskId: number): void;
  /** The tasks that something waits for right now, with what is known of them. */
  watched(): readonly {
    readonly id: number;
    readonly state: TaskState;
    readonly percent: number;
  }[];
  /** The user that the server sees behind the credentials. The cheapest way to check that it answers. */
  whoami(options?: { signal?: AbortSignal }): Promise<User>;
  /**
   * A flow as the server lists it, for flows without generated code. Its parameters are checked like those of
   * generated flows.
   * @throws VisionatrixError `flow_not_installed`
   */
  flow(id: string, options?: ServerFlowOptions): Promise<ServerFlow>;
  /** The flows that the server can run. */
  flows(options?: { signal?: AbortSignal }): Promise<InstalledFlow[]>;
  /**
   * Closes the client: waits reject with an `AbortError`, and guards against duplicate tasks check one last
   * time. Tasks keep running. `await using` does the same.
   */
  close(): Promise<void>;
  /** The logger from the options; webhook receivers use it. */
  readonly logger: Logger | undefined;
}

/**
 * Creates a client. Sends no request.
 * @throws VisionatrixError `invalid_option` that names the option
 */
export function createClient(options: ClientOptions): Client {
  return createClientOn(systemClock, options);
}

/** Creates a client whose time and chance come from a clock. */
export function createClientOn(clock: Clock, options: ClientOptions): Client {
  const baseUrl = checkOptions(options);
  const { retry = {}, poll, fetchUrls, logger } = options;
  const { budgetMs = 60_000, graceMs = 2000, requestMs } = retry;
  const api = createApi(baseUrl, { ...options, requestMs }, clock);
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
        throw new VisionatrixError(
          "invalid_option",
          `A task id must be a whole number, not ${id}.`,
        );
      return createTask(tools, id);
    },
    tasks: (filter, stop) => listTasks(api, known, filter, stop?.signal),
    cancelAll: (filter = {}, stop) => cancelAll(api, known, filter, budgetMs, stop?.signal),
    stop: (reason) => tools.open.stop(clock, reason),
    wake: (id) => watcher.wake(id),
    watched: () => watcher.views(),
    whoami: (stop) => readAgain(api, whoami, stop?.signal),
    flow: (id, flowOptions) => serverFlow(api, id, flowOptions),
    flows: (stop) => readAgain(api, installedFlows, stop?.signal),
    close,
    [Symbol.asyncDispose]: close,
  };
  keepApi(client, api);
  // Non-enumerable, so that logging a client does not show it.
  return Object.defineProperty(client, "logger", { value: logger }) as Client;
}

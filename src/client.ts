/** The client: one server, one set of credentials, one watcher. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import { createApi } from "./api.js";
import type * as Calls from "./later/calls.js";
import type { Context } from "./context.js";
import type { FlowDrift } from "./drift.js";
import { VisionatrixError } from "./errors.js";
import type { SubmitUncertainError } from "./run-errors.js";
import type { Flow } from "./flow.js";
import type { ClientOptions, RunOptions, StopOptions } from "./options.js";
import { submitFlow } from "./pending-run.js";
import type { PendingRun, Run } from "./run.js";
import { createTask, type Task } from "./task.js";
import type { TaskFilter, TaskInfo } from "./task-info.js";

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
  /**
   * The caller's own tasks, oldest first, finished ones included. The server sends its whole history at
   * about 0.65 kB a task; a flow or a group make that less.
   */
  tasks(filter?: TaskFilter, options?: { signal?: AbortSignal }): Promise<TaskInfo[]>;
  /**
   * Compares generated flows with what the server has installed, in the words of `vix-codegen diff`.
   * @param flows e.g. `[sdxlLighting]`, or `Object.values(flows)` of `visionatrix-client/flows`
   * @returns every difference; empty when the generated code fits the server
   */
  verifyFlows(
    flows: readonly Pick<Flow<never>, "id" | "parameters">[],
    options?: { signal?: AbortSignal },
  ): Promise<FlowDrift[]>;
  /** Has a task that is waited for looked at now; webhook receivers call this. Never throws. */
  wake(taskId: number): void;
  /** Who the server takes this client for; the cheapest way to see that it answers. */
  whoami(options?: { signal?: AbortSignal }): Promise<User>;
  /** The flows that can be run on the server. */
  flows(options?: { signal?: AbortSignal }): Promise<InstalledFlow[]>;
}

/**
 * Makes a client. Asks nothing of the server.
 * @throws VisionatrixError `invalid_option` if `baseUrl` is not an http(s) address
 */
export function createClient(options: ClientOptions): Client {
  const baseUrl = checkedBaseUrl(options.baseUrl);
  const api = createApi(baseUrl, options);
  const context: Context = {
    api,
    options,
    budgetMs: options.retry?.budgetMs ?? 60_000,
    known: { highest: 0, places: new Map(), adopted: new Set() },
  };

  return {
    baseUrl,
    submit: (flow, params, runOptions) => submitFlow(context, flow, params, runOptions),
    settle: async (error, stop) =>
      (await import("./later/trouble.js")).settleLater(context, error, stop),
    task: (id) => {
      if (!(id > 0) || id % 1)
        throw new VisionatrixError("invalid_option", `A task id is a whole number, not ${id}.`);
      return createTask(context, id);
    },
    tasks: async (filter, stop) => (await calls()).listTasks(api, filter, stop?.signal),
    verifyFlows: async (flows, stop) => (await calls()).verifyFlows(context, flows, stop?.signal),
    wake: (id) => context.watcher?.wake(id),
    whoami: async (stop) => (await calls()).whoami(api, stop?.signal),
    flows: async (stop) => (await calls()).installedFlows(api, stop?.signal),
  };
}

const calls = async (): Promise<typeof Calls> => import("./later/calls.js");

function checkedBaseUrl(baseUrl: string): string {
  try {
    const { href, protocol, username, password, search, hash } = new URL(baseUrl);
    if (/^https?:$/.test(protocol) && !(username || password || search || hash))
      return href.replace(/\/$/, "");
  } catch {
    // Reported below, with what was given.
  }
  throw new VisionatrixError(
    "invalid_option",
    "baseUrl must be an http(s) address such as http://localhost:8288; give credentials as `auth`.",
  );
}

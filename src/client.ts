/** The client: one server, one set of credentials, one watcher. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import { createApi } from "./api.js";
import type { Context } from "./context.js";
import { VisionatrixError } from "./errors.js";
import type { Flow } from "./flow.js";
import { plan } from "./form.js";
import type { ClientOptions, Logger, RunOptions, StopOptions, WaitOptions } from "./options.js";
import { createRun, type PendingRun, type Run } from "./run.js";
import { stopper } from "./stop.js";
import { createTasks } from "./submit.js";
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
  const context: Context = { api, logger, watcher: createWatcher(api, options, logger) };

  function submit<Params extends object>(
    flow: Flow<Params>,
    params: Params,
    { signal, timeoutMs, headers }: RunOptions = {},
  ): PendingRun {
    const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    // Whoever asks for the result at once may stop the submit as well.
    const left = new AbortController();
    const start = async (): Promise<Run> => {
      const stop = stopper([signal, left.signal], timeoutMs, `Submitting ${flow.id}`);
      try {
        const planned = await plan(flow, params);
        const created = await createTasks(context, planned, stop.signal, headers);
        const sent: Record<string, string> = {};
        for (const { name, value } of planned.parts)
          if (typeof value === "string" && name !== "seed") sent[name] = value;
        const group = Number(sent["group_scope"] ?? 1);
        const tasks = created.tasks_ids.map((id, index) => {
          context.watcher.place(id, flow.id, group);
          return createTask(context, id, {
            flow: flow.id,
            seed: planned.seed === undefined ? undefined : planned.seed + index,
            params: sent,
            outputs: created.outputs,
          });
        });
        return createRun({ context, tasks, owned: true, signal, deadline }, flow.id);
      } finally {
        stop.release();
      }
    };
    const run = start();
    const result = async (wait: WaitOptions = {}) => {
      const until = wait.timeoutMs === undefined ? undefined : Date.now() + wait.timeoutMs;
      const submitted = await duringSubmit(wait);
      return submitted.result({
        ...wait,
        timeoutMs: until === undefined ? undefined : until - Date.now(),
      });
    };
    async function* progress(wait: StopOptions = {}) {
      const until = wait.timeoutMs === undefined ? undefined : Date.now() + wait.timeoutMs;
      const submitted = await duringSubmit(wait);
      yield* submitted.progress({
        ...wait,
        timeoutMs: until === undefined ? undefined : until - Date.now(),
      });
    }
    /** The run, with the stops of a wait holding for the submit too. */
    async function duringSubmit(wait: StopOptions): Promise<Run> {
      const stop = stopper([wait.signal], wait.timeoutMs, `Submitting ${flow.id}`);
      const pass = (): void => left.abort(stop.signal.reason);
      stop.signal.addEventListener("abort", pass);
      if (stop.signal.aborted) pass();
      try {
        return await run;
      } finally {
        stop.release();
      }
    }
    return Object.assign(run, { result, progress });
  }

  return {
    baseUrl,
    submit,
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

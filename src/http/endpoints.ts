/**
 * The endpoints in use, one function each, typed from the description of the tasks API through openapi-fetch.
 */
import type { Client, ClientPathsWithMethod, FetchResponse, ParamsOption } from "openapi-fetch";
import type {
  CreatedTasks,
  Installation,
  InstalledFlow,
  TaskDetails,
  TaskSummary,
  User,
  Worker,
} from "../../generated/tasks.js";
import { isTaskMissing } from "../errors/request-errors.js";
import type { paths } from "../../generated/tasks.js";
import type { Answer } from "./answer.js";
import type { Api, Reading, Sending, Sized } from "./api.js";

type Method = "get" | "put" | "post" | "delete";
type Path<M extends Method> = ClientPathsWithMethod<Client<paths>, M>;
type Operation<M extends Method, P extends Path<M>> =
  paths[P] extends Record<M, infer Op extends object> ? Op : never;
type Data<Op extends object> = NonNullable<
  FetchResponse<Op & Record<string, unknown>, object, "application/json">["data"]
>;

/** A request of the API description, with its parameter and response types. */
function call<M extends Method, P extends Path<M>>(
  api: Api,
  method: M,
  path: P,
  options: ParamsOption<Operation<M, P>> & Sending & Reading<Data<Operation<M, P>>>,
): Promise<Sized<Data<Operation<M, P>>>> {
  return api.json(method, path, options);
}

/** Creates tasks of a flow. */
export function createTasks(
  api: Api,
  flow: string,
  form: Sending,
  { timeoutMs, transfer }: { timeoutMs: number; transfer?: boolean },
): Promise<Sized<CreatedTasks>> {
  return call(api, "put", "/vapi/tasks/create/{name}", {
    params: { path: { name: flow } },
    ...form,
    key: "tasks_ids",
    timeoutMs,
    transfer,
  });
}

/** Filter of a task list. */
export interface ListFilter {
  name?: string;
  group_scope?: number;
}

export function readTask(
  api: Api,
  id: number,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<Sized<TaskDetails>> {
  return call(api, "get", "/vapi/tasks/progress/{task_id}", {
    params: { path: { task_id: id } },
    signal,
    timeoutMs,
    key: "progress",
  });
}

/** Like `readTask`, but undefined when the server says that the task does not exist, or not for this user. */
export async function findTask(
  api: Api,
  id: number,
  signal?: AbortSignal,
  timeoutMs?: number,
): Promise<TaskDetails | undefined> {
  try {
    return (await readTask(api, id, signal, timeoutMs)).data;
  } catch (error) {
    if (isTaskMissing(error)) return undefined;
    throw error;
  }
}

/** The caller's own tasks. The server sends its whole history, about 0.65 kB a task. */
export function readSummaries(
  api: Api,
  query: ListFilter,
  signal?: AbortSignal,
  maxBytes?: number,
): Promise<Sized<Record<string, TaskSummary>>> {
  return call(api, "get", "/vapi/tasks/progress-summary", {
    params: { query },
    signal,
    list: true,
    maxBytes,
  });
}

/** Opens a result file. The body is not read, so only the signal limits the time. */
export function openResult(
  api: Api,
  query: { task_id: number; node_id: number; batch_index: number },
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<Answer> {
  return api.open("/vapi/tasks/results", { params: { query }, signal, headers });
}

/** Cancels an unfinished task. The server accepts this for a finished one too, but keeps the task. */
export async function cancelTask(api: Api, id: number, signal?: AbortSignal): Promise<void> {
  const params = { path: { task_id: id } };
  await call(api, "delete", "/vapi/tasks/queue/{task_id}", { params, signal });
}

/** Deletes a task in any state. */
export async function deleteTask(api: Api, id: number, signal?: AbortSignal): Promise<void> {
  await call(api, "delete", "/vapi/tasks/task", { params: { query: { task_id: id } }, signal });
}

/** Requeues a failed task; with `force` also one without an error. */
export async function restartTask(
  api: Api,
  id: number,
  { force = false, signal }: { force?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  const params = { query: { task_id: id, force } };
  await call(api, "post", "/vapi/tasks/restart", { params, signal });
}

/**
 * The workers that this user may see.
 * @param ids at most one, to read only that worker
 */
export async function readWorkers(
  api: Api,
  [worker_id]: readonly string[],
  signal?: AbortSignal,
): Promise<Worker[]> {
  const query = worker_id === undefined ? {} : { worker_id };
  const params = { query };
  return (await call(api, "get", "/vapi/workers/info", { params, signal, list: true })).data;
}

export async function whoami(api: Api, signal?: AbortSignal): Promise<User> {
  return (await call(api, "get", "/vapi/other/whoami", { signal, key: "user_id" })).data;
}

export async function installedFlows(api: Api, signal?: AbortSignal): Promise<InstalledFlow[]> {
  return (await call(api, "get", "/vapi/flows/installed", { signal, list: true })).data;
}

/** Flows with their workflows. Visible to admins only. */
export async function installations(api: Api, signal?: AbortSignal): Promise<Installation[]> {
  return (await call(api, "get", "/vapi/flows/install-progress", { signal, list: true })).data;
}

/** The endpoints that are used, one function each. */
import type {
  CreatedTasks,
  InstalledFlow,
  TaskDetails,
  TaskSummary,
  User,
} from "../../generated/tasks.js";
import type { Answer } from "./answer.js";
import type { Api, Sized, Via } from "./api.js";

/** The parts of a create request that its form decides. */
export interface FormInit {
  body: unknown;
  headers: Record<string, string>;
  duplex?: "half";
  redirect?: "error";
  via?: Via;
}

/** Creates tasks of a flow. */
export function createTasks(
  api: Api,
  flow: string,
  { via, body, headers, ...init }: FormInit,
  signal: AbortSignal,
  { timeoutMs, transfer = false }: { timeoutMs: number; transfer?: boolean },
): Promise<Sized<CreatedTasks>> {
  return api.json(
    signal,
    (base) =>
      api.http.PUT("/vapi/tasks/create/{name}", {
        ...base,
        ...init,
        params: { path: { name: flow } },
        ...({ body } as { body: never }),
        bodySerializer: (form) => form,
        headers,
      }),
    { key: "tasks_ids", timeoutMs, via, transfer },
  );
}

/** Which tasks a list holds. */
export interface ListFilter {
  name?: string;
  group_scope?: number;
}

export function readTask(api: Api, id: number, signal?: AbortSignal): Promise<Sized<TaskDetails>> {
  return api.json(
    signal,
    (init) =>
      api.http.GET("/vapi/tasks/progress/{task_id}", {
        ...init,
        params: { path: { task_id: id } },
      }),
    { key: "progress" },
  );
}

/** The caller's own tasks. The server sends its whole history, about 0.65 kB a task. */
export function readSummaries(
  api: Api,
  query: ListFilter,
  signal?: AbortSignal,
): Promise<Sized<Record<string, TaskSummary>>> {
  return api.json(
    signal,
    (init) => api.http.GET("/vapi/tasks/progress-summary", { ...init, params: { query } }),
    { limit: "list" },
  );
}

/** Opens a result file; the body is not read, so there is no time limit but the signal's. */
export function openResult(
  api: Api,
  query: { task_id: number; node_id: number; batch_index: number },
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<Answer> {
  return api.open(signal, (init) =>
    api.http.GET("/vapi/tasks/results", { ...init, params: { query }, headers }),
  );
}

/** Takes an unfinished task off the server. The server says yes to a finished one too, and keeps it. */
export async function cancelTask(api: Api, id: number, signal?: AbortSignal): Promise<void> {
  await api.json(signal, (init) =>
    api.http.DELETE("/vapi/tasks/queue/{task_id}", {
      ...init,
      params: { path: { task_id: id } },
    }),
  );
}

/** Removes a task in any state. */
export async function deleteTask(api: Api, id: number, signal?: AbortSignal): Promise<void> {
  await api.json(signal, (init) =>
    api.http.DELETE("/vapi/tasks/task", {
      ...init,
      params: { query: { task_id: id } },
    }),
  );
}

/** Queues a failed task again; with `force` also one without an error. */
export async function restartTask(
  api: Api,
  id: number,
  { force = false, signal }: { force?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  await api.json(signal, (init) =>
    api.http.POST("/vapi/tasks/restart", {
      ...init,
      params: { query: { task_id: id, force } },
    }),
  );
}

export async function whoami(api: Api, signal?: AbortSignal): Promise<User> {
  const { data } = await api.json<User>(
    signal,
    (init) => api.http.GET("/vapi/other/whoami", { ...init }),
    { key: "user_id" },
  );
  return data;
}

export async function installedFlows(api: Api, signal?: AbortSignal): Promise<InstalledFlow[]> {
  const { data } = await api.json<InstalledFlow[]>(
    signal,
    (init) => api.http.GET("/vapi/flows/installed", { ...init }),
    { limit: "list" },
  );
  return data;
}

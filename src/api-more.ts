/** Endpoints beside the straight way from a call to its files. Loaded when one of them is asked for. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import { UNREAD, type Api } from "./api.js";

/** Takes an unfinished task off the server. The server says yes to a finished one too, and keeps it. */
export async function cancelTask(api: Api, id: number, signal?: AbortSignal): Promise<void> {
  await api.json(signal, (limit) =>
    api.http.DELETE("/vapi/tasks/queue/{task_id}", {
      ...UNREAD,
      params: { path: { task_id: id } },
      signal: limit,
    }),
  );
}

/** Removes a task in any state. */
export async function deleteTask(api: Api, id: number, signal?: AbortSignal): Promise<void> {
  await api.json(signal, (limit) =>
    api.http.DELETE("/vapi/tasks/task", {
      ...UNREAD,
      params: { query: { task_id: id } },
      signal: limit,
    }),
  );
}

/** Queues a failed task again; with `force` also one without an error. */
export async function restartTask(
  api: Api,
  id: number,
  force: boolean,
  signal?: AbortSignal,
): Promise<void> {
  await api.json(signal, (limit) =>
    api.http.POST("/vapi/tasks/restart", {
      ...UNREAD,
      params: { query: { task_id: id, force } },
      signal: limit,
    }),
  );
}

export async function whoami(api: Api, signal?: AbortSignal): Promise<User> {
  const { data } = await api.json(
    signal,
    (limit) => api.http.GET("/vapi/other/whoami", { ...UNREAD, signal: limit }),
    "user_id",
  );
  return data;
}

export async function installedFlows(api: Api, signal?: AbortSignal): Promise<InstalledFlow[]> {
  const { data } = await api.json(signal, (limit) =>
    api.http.GET("/vapi/flows/installed", { ...UNREAD, signal: limit }),
  );
  return data;
}

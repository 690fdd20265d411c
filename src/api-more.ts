/** Endpoints beside the straight way from a call to its files. Loaded when one of them is asked for. */
import type { InstalledFlow, User } from "../generated/tasks.js";
import type { Api } from "./api.js";

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
  const { data } = await api.json(
    signal,
    (init) => api.http.GET("/vapi/other/whoami", { ...init }),
    { key: "user_id" },
  );
  return data;
}

export async function installedFlows(api: Api, signal?: AbortSignal): Promise<InstalledFlow[]> {
  const { data } = await api.json(signal, (init) =>
    api.http.GET("/vapi/flows/installed", { ...init }),
  );
  return data;
}

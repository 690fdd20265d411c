/** Endpoints that show how far tasks are and what they made. Loaded when something is waited for. */
import type { TaskDetails, TaskSummary } from "../generated/tasks.js";
import type { Api, Sized } from "./api.js";

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

export function readSummaries(
  api: Api,
  query: ListFilter,
  signal?: AbortSignal,
): Promise<Sized<Record<string, TaskSummary>>> {
  return api.json(signal, (init) =>
    api.http.GET("/vapi/tasks/progress-summary", { ...init, params: { query } }),
  );
}

/** Opens a result file; the body is not read, so there is no time limit but the caller's. */
export async function openResult(
  api: Api,
  query: { task_id: number; node_id: number; batch_index: number },
  init: { signal?: AbortSignal; headers?: Record<string, string> },
): Promise<Response> {
  const { response } = await api.http.GET("/vapi/tasks/results", {
    parseAs: "stream",
    params: { query },
    ...init,
  });
  return response;
}

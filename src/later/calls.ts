/** What can be asked of a server or a task beside a run. Loads when the first of these is. */
import { installedFlows } from "../api-more.js";
import type { Context } from "../context.js";
import { findDrift, type FlowDrift } from "../drift.js";
import type { Flow } from "../flow.js";

export { deleteTask, installedFlows, restartTask, whoami } from "../api-more.js";
export { cancelTasks } from "../cancel.js";
export { listTasks, taskDetails } from "../task-info.js";

/** Compares generated flows with those that the server has installed. */
export async function verifyFlows(
  { api }: Context,
  flows: readonly Pick<Flow<never>, "id" | "parameters">[],
  signal?: AbortSignal,
): Promise<FlowDrift[]> {
  return findDrift(flows, await installedFlows(api, signal));
}

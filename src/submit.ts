/** Creates the tasks of a call, once. */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Context } from "./context.js";
import { toFormData, type Plan } from "./form.js";

/** Limit of one create request, in ms. */
const CREATE_TIMEOUT_MS = 60_000;

export async function createTasks(
  { api }: Context,
  plan: Plan,
  signal: AbortSignal,
  headers?: Readonly<Record<string, string>>,
): Promise<CreatedTasks> {
  return api.create(plan.flow, toFormData(plan.parts), signal, CREATE_TIMEOUT_MS, headers);
}

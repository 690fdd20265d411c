/** Compares generated flows with what a server has installed. */
import type { InstalledFlow } from "../../generated/tasks.js";
import { HttpError } from "../errors/request-errors.js";
import {
  findOutputDrift,
  type OutputShape,
  type ServedWorkflow,
} from "../flow/drift-of-outputs.js";
import { findDrift, type DriftShape, type FlowDrift } from "../flow/drift.js";
import { apiOf } from "../http/api-of.js";
import { installations } from "../http/endpoints.js";

/**
 * Compares generated flows with those that the server has installed, in the words of `vix-codegen diff`.
 * Outputs are compared where the client is an admin's: others are not shown workflows.
 * @param flows e.g. `[sdxlLighting]`, or `Object.values(flows)` of `visionatrix-client/flows`
 * @returns every difference; empty when the generated code fits the server
 */
export async function verifyFlows(
  client: { flows(options?: { signal?: AbortSignal }): Promise<InstalledFlow[]> },
  flows: readonly (DriftShape & OutputShape)[],
  options?: { signal?: AbortSignal },
): Promise<FlowDrift[]> {
  const drift = findDrift(flows, await client.flows(options));
  if (flows.every(({ outputs }) => !outputs)) return drift;
  return [...drift, ...findOutputDrift(flows, await workflows(client, options?.signal))];
}

/** What the client may see of workflows. */
async function workflows(client: object, signal?: AbortSignal): Promise<readonly ServedWorkflow[]> {
  const api = apiOf(client);
  if (!api) return [];
  try {
    return await installations(api, signal);
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return [];
    throw error;
  }
}

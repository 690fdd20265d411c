/** Compares generated flows with those installed on a server. */
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
import { readAgain } from "../http/retried.js";

/**
 * Compares generated flows with those installed on the server, using the rule names of `vix-codegen diff`.
 * Outputs are compared only for a client with admin rights, because the server shows workflows to admins
 * only.
 * @param flows e.g. `[sdxlLighting]`, or `Object.values(flows)` of `visionatrix-client/flows`
 * @returns every difference; empty when the generated code matches the server
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

/** The workflows that the client may see. */
async function workflows(client: object, signal?: AbortSignal): Promise<readonly ServedWorkflow[]> {
  const api = apiOf(client);
  if (!api) return [];
  try {
    return await readAgain(api, installations, signal);
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return [];
    throw error;
  }
}

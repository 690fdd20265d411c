/** Compares generated flows with what a server has installed. */
import type { InstalledFlow } from "../../generated/tasks.js";
import { findDrift, type DriftShape, type FlowDrift } from "../flow/drift.js";

/**
 * Compares generated flows with those that the server has installed, in the words of `vix-codegen diff`.
 * @param flows e.g. `[sdxlLighting]`, or `Object.values(flows)` of `visionatrix-client/flows`
 * @returns every difference; empty when the generated code fits the server
 */
export async function verifyFlows(
  client: { flows(options?: { signal?: AbortSignal }): Promise<InstalledFlow[]> },
  flows: readonly DriftShape[],
  options?: { signal?: AbortSignal },
): Promise<FlowDrift[]> {
  return findDrift(flows, await client.flows(options));
}

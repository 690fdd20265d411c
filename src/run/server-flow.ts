/** A checked flow from the server's own listing, for flows without generated code. */
import { VisionatrixError } from "../errors/errors.js";
import { nearestName } from "../errors/suggestion.js";
import { listedFlow } from "../flow/installed-flow.js";
import type { Api } from "../http/api.js";
import { installedFlows } from "../http/endpoints.js";
import { readAgain } from "../http/retried.js";
import type { FileInputs } from "../submit/file-inputs.js";
import { defineFlow, type Flow } from "./define-flow.js";

/** A flow described at run time: its parameters are checked, but not typed. */
export type ServerFlow = Flow<Record<string, unknown>>;

/** Options of `client.flow`. */
export interface ServerFlowOptions {
  /**
   * The code for files: `fileInputs` of the main entry. Needed only if the program sends files and loads no
   * generated flow that takes files.
   */
  readonly fileInputs?: FileInputs;
  readonly signal?: AbortSignal;
}

/** @throws VisionatrixError `flow_not_installed` */
export async function serverFlow(
  api: Api,
  id: string,
  { fileInputs, signal }: ServerFlowOptions = {},
): Promise<ServerFlow> {
  const installed = await readAgain(api, installedFlows, signal);
  // Servers store ids in lower case.
  const entry = installed.find(({ name }) => name === id.toLowerCase());
  if (!entry) {
    const names = installed.map(({ name }) => name);
    const near = nearestName(id, names);
    throw new VisionatrixError(
      "flow_not_installed",
      `${api.baseUrl} has no flow ${JSON.stringify(id)}${near === undefined ? "" : `; did you mean ${near}?`}`,
    );
  }
  const { parameters, title, tags } = listedFlow(entry);
  return defineFlow(entry.name, parameters, { title, tags, ...(fileInputs && { fileInputs }) });
}

/** `vix-codegen check`: checks whether the output folder is what `generate` would make of the description. */
import { resolve } from "node:path";
import { planChanges, readFolder, type Plan } from "../write/folder.js";
import { settleLeftovers } from "../write/leftovers.js";
import { renderClient, type ClientInput } from "./client.js";

/** Result of `check`: what `generate` would add, change, and remove. */
export interface CheckReport extends Plan {
  readonly flows: number;
  /** Files in the folder that are not ours. */
  readonly foreign: readonly string[];
}

/**
 * Compares a folder with its expected content. Writes nothing, except that it finishes the write of a killed
 * run.
 */
export async function check(input: ClientInput & { readonly out: string }): Promise<CheckReport> {
  await settleLeftovers(resolve(input.out));
  const folder = readFolder(input.out);
  const { files } = await renderClient(input, folder);
  const plan = planChanges(folder.ours, files);
  return { flows: input.model.flows.length, ...plan, foreign: folder.foreign };
}

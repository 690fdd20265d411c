/** `vix-codegen check`: says whether the output folder is what `generate` would make of the description. */
import { resolve } from "node:path";
import { planChanges, readFolder, type Plan } from "../write/folder.js";
import { settleLeftovers } from "../write/leftovers.js";
import { renderClient, type ClientInput } from "./client.js";

/** What a run of `check` found: what `generate` would add, change and remove. */
export interface CheckReport extends Plan {
  readonly flows: number;
  /** Files in the folder that are not ours. */
  readonly foreign: readonly string[];
}

/** Compares a folder with what it should hold. Writes nothing, but finishes what a killed run began. */
export async function check(input: ClientInput & { readonly out: string }): Promise<CheckReport> {
  await settleLeftovers(resolve(input.out));
  const folder = readFolder(input.out);
  const { files } = await renderClient(input, folder);
  const plan = planChanges(folder.ours, files);
  return { flows: input.model.flows.length, ...plan, foreign: folder.foreign };
}

/** `vix-codegen generate`: brings the output folder to what the description says. */
import { clearLeftovers, swapIn } from "../write/swap.js";
import { isDone, planChanges, readFolder, refuseForeign, type Plan } from "../write/folder.js";
import { MANIFEST } from "../write/manifest.js";
import { renderClient, type ClientInput } from "./client.js";

/** What a run of `generate` did. */
export interface GenerateReport extends Plan {
  readonly flows: number;
  /** Files in the folder that are not ours; they were not touched. */
  readonly foreign: readonly string[];
  /** Our files that somebody had changed by hand, and that were written again. */
  readonly edited: readonly string[];
}

/** Generates into a folder. Files that stay the same are not written. */
export async function generate(
  input: ClientInput & { readonly out: string },
): Promise<GenerateReport> {
  clearLeftovers(input.out);
  const folder = readFolder(input.out);
  const { files, expectation } = await renderClient(input, folder);
  refuseForeign(input.out, folder, files);
  const plan = planChanges(folder.ours, files);
  if (!isDone(plan)) {
    const { readBack } = await import("../verify/read-back.js");
    swapIn(input.out, folder, plan, files, (written) => {
      readBack(new Map([...written].filter(([path]) => path !== MANIFEST)), expectation);
    });
  }
  const { foreign, edited } = folder;
  return { flows: input.model.flows.length, ...plan, foreign, edited };
}

/** `vix-codegen generate`: updates the output folder from the description. */
import { resolve } from "node:path";
import {
  isDone,
  planChanges,
  readFolder,
  refuseForeign,
  type Folder,
  type Plan,
} from "../write/folder.js";
import { unwritable } from "../write/install.js";
import { installHere, type Installer, type StartInstaller } from "../write/installer.js";
import { stepsOf } from "../write/journal.js";
import { settleLeftovers } from "../write/leftovers.js";
import { holdSignals } from "../write/signals.js";
import { stage } from "../write/staging.js";
import { renderClient, snapshotHash, type ClientInput, type WantedClient } from "./client.js";

/** Result of `generate`. */
export interface GenerateReport extends Plan {
  readonly flows: number;
  /** Files in the folder that are not ours; left unchanged. */
  readonly foreign: readonly string[];
  /** Our files that were edited by hand, and were overwritten. */
  readonly edited: readonly string[];
}

/** Generates into a folder. Unchanged files are not written. */
export async function generate(
  input: ClientInput & { readonly out: string },
  start: StartInstaller = installHere,
): Promise<GenerateReport> {
  const out = resolve(input.out);
  await settleLeftovers(out);
  const folder = readFolder(input.out);
  const snapshot = snapshotHash(input.model);
  // A new snapshot changes at least the manifest, so start loading the slow tools now.
  let installer = folder.manifest?.snapshot === snapshot ? undefined : start(out);
  try {
    const client = await renderClient(input, folder, snapshot);
    refuseForeign(input.out, folder, client.files);
    const plan = planChanges(folder.ours, client.files);
    if (!isDone(plan)) {
      installer ??= start(out);
      await putInPlace(out, folder, plan, client, installer);
    }
    const { foreign, edited } = folder;
    return { flows: input.model.flows.length, ...plan, foreign, edited };
  } finally {
    installer?.stop();
  }
}

async function putInPlace(
  out: string,
  { exists, ours }: Folder,
  plan: Plan,
  { files, expectation }: WantedClient,
  installer: Installer,
): Promise<void> {
  // Signals wait for the end, when the client is complete and no temporary files are left.
  const obeySignals = holdSignals();
  try {
    const steps = stepsOf(plan, ours, files);
    const staging = stage(out, installer.pid, steps, files);
    const staged = new Set(steps.map(({ path }) => path));
    const views = new Map([...expectation.views].filter(([path]) => staged.has(path)));
    await installer.install({
      out,
      staging,
      exists,
      steps,
      expectation: { ...expectation, views },
    });
  } catch (error) {
    throw unwritable(out, error);
  } finally {
    obeySignals();
  }
}

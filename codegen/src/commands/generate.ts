/** `vix-codegen generate`: brings the output folder to what the description says. */
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
  start: StartInstaller = installHere,
): Promise<GenerateReport> {
  const out = resolve(input.out);
  await settleLeftovers(out);
  const folder = readFolder(input.out);
  const snapshot = snapshotHash(input.model);
  // Another snapshot means another manifest at least: there will be work, and its tools take time to load.
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
  // A signal waits for the end: then the client is new, and nothing lies beside it.
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

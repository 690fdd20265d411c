/** `vix-codegen pull`: brings the snapshot to what a source says now. */
import { existsSync, readFileSync } from "node:fs";
import { writeCanonical } from "../canonical/write.js";
import { readDescription } from "../model/read.js";
import { writeAtomically } from "../write/atomic.js";

/** What a run of `pull` did. */
export interface PullReport {
  readonly flows: number;
  readonly changed: boolean;
}

/** Writes the snapshot of a description. A snapshot that stays the same is not written. */
export function keepSnapshot(description: string, out: string): PullReport {
  const model = readDescription(description);
  const text = writeCanonical(model);
  const changed = !existsSync(out) || readFileSync(out, "utf8") !== text;
  if (changed) writeAtomically(out, text);
  return { flows: model.flows.length, changed };
}

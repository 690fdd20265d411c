/**
 * The staging folder of a run, next to the output: on the same disk, so that a rename out of it is atomic.
 * `new/` holds the new files, `old/` those they replace, and `swap.json` is the journal.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeJournal, type Step } from "./journal.js";

/** A staging folder, and the process responsible for it. */
export interface Staging {
  readonly path: string;
  readonly owner: number;
}

/** Creates a staging folder with the new files and the journal. The output stays unchanged. */
export function stage(
  out: string,
  owner: number,
  steps: readonly Step[],
  wanted: ReadonlyMap<string, string>,
): string {
  mkdirSync(dirname(out), { recursive: true });
  const staging = mkdtempSync(join(dirname(out), `${prefixOf(out)}${owner}-`));
  try {
    mkdirSync(join(staging, "new/flows"), { recursive: true });
    for (const { path, to } of steps) {
      if (to !== null) writeFileSync(join(staging, "new", path), wanted.get(path) ?? "");
    }
    writeJournal(staging, steps);
    return staging;
  } catch (error) {
    discard(staging);
    throw error;
  }
}

/** The staging folders next to an output. */
export function stagingsOf(out: string): Staging[] {
  const prefix = prefixOf(out);
  let names: string[];
  try {
    names = readdirSync(dirname(out));
  } catch {
    return [];
  }
  return names
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({
      path: join(dirname(out), name),
      owner: Number.parseInt(name.slice(prefix.length), 10),
    }))
    .filter(({ owner }) => owner > 0);
}

function prefixOf(out: string): string {
  return `.${basename(out)}.vix-codegen-`;
}

/** Removes a staging folder. A failure is ignored; the next run tries again. */
export function discard(staging: string): void {
  try {
    rmSync(staging, { recursive: true, force: true });
  } catch {
    // The client itself is complete.
  }
}

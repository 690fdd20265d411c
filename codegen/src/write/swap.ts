/**
 * Replaces old files with new ones. Each is renamed into place, which is atomic, in an order in which the
 * client compiles after every step. An error restores the old files. A kill leaves a journal, from which the
 * rest can be done later.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateOf, type Step } from "./journal.js";

/** Takes all steps, or none. */
export function swapIn(out: string, staging: string, steps: readonly Step[]): void {
  // Copies come first, so that only renames follow.
  mkdirSync(join(staging, "old/flows"), { recursive: true });
  for (const { path, from } of steps) if (from !== null) keepOld(out, staging, path);
  const taken: Step[] = [];
  try {
    mkdirSync(join(out, "flows"), { recursive: true });
    for (const step of steps) {
      take(out, staging, step);
      taken.push(step);
    }
  } catch (error) {
    putBack(out, staging, taken);
    throw error;
  }
}

/** Takes the remaining steps of a killed swap, unless the files were changed since. */
export function resumeSwap(out: string, staging: string, steps: readonly Step[]): void {
  const left = steps.filter((step) => stateOf(out, step) !== "new");
  const hadBegun = left.length < steps.length;
  // If a new file is no longer staged but its old one is in place, somebody restored it, perhaps from version
  // control.
  const isUntouched = left.every(
    (step) => stateOf(out, step) === "old" && (step.to === null || isStaged(staging, step)),
  );
  if (hadBegun && isUntouched) for (const step of left) take(out, staging, step);
}

function isStaged(staging: string, { path }: Step): boolean {
  return existsSync(join(staging, "new", path));
}

function take(out: string, staging: string, { path, to }: Step): void {
  if (to === null) rmSync(join(out, path), { force: true });
  else renameSync(join(staging, "new", path), join(out, path));
}

/** Undoes steps, last first. If one fails, the others are still tried. */
function putBack(out: string, staging: string, taken: readonly Step[]): void {
  for (const { path, from } of [...taken].reverse()) {
    try {
      if (from === null) rmSync(join(out, path));
      else renameSync(join(staging, "old", path), join(out, path));
    } catch {
      // The original error is the one to report.
    }
  }
}

/** Keeps an old file under a second name, with its modification time. */
function keepOld(out: string, staging: string, path: string): void {
  const kept = join(staging, "old", path);
  try {
    linkSync(join(out, path), kept);
  } catch {
    // Not every file system supports links.
    copyFileSync(join(out, path), kept);
  }
}

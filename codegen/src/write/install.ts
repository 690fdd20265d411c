/** The last step of `generate`: reads the staged files back and, if they are correct, swaps them in. */
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "../errors.js";
import type { Expectation } from "../verify/read-back.js";
import type { Step } from "./journal.js";
import { MANIFEST } from "./manifest.js";
import { holdSignals } from "./signals.js";
import { discard } from "./staging.js";
import { swapIn } from "./swap.js";

/** Everything needed to put staged files in place. */
export interface Job {
  readonly out: string;
  readonly staging: string;
  /** Whether the output folder exists; if not, a single rename is enough. */
  readonly exists: boolean;
  readonly steps: readonly Step[];
  readonly expectation: Expectation;
}

/**
 * Runs the job. Afterwards the folder holds the new client or, after an error, the old one.
 * @throws CodegenError `read_back_failed`, `output_unwritable`.
 */
export async function install({ out, staging, exists, steps, expectation }: Job): Promise<void> {
  const { readBack } = await import("../verify/read-back.js");
  const obeySignals = holdSignals();
  try {
    const paths = steps.filter(({ path, to }) => to !== null && path !== MANIFEST);
    readBack(new Map(paths.map(({ path }) => [path, readNew(staging, path)])), expectation);
    if (exists) swapIn(out, staging, steps);
    else renameSync(join(staging, "new"), out);
  } catch (error) {
    throw unwritable(out, error);
  } finally {
    discard(staging);
    obeySignals();
  }
}

function readNew(staging: string, path: string): string {
  return readFileSync(join(staging, "new", path), "utf8");
}

/** Converts a file system error to one that helps the caller; our own errors stay unchanged. */
export function unwritable(out: string, error: unknown): CodegenError {
  if (error instanceof CodegenError) return error;
  return new CodegenError(
    "output_unwritable",
    "The generated files cannot be written; the old ones stay.",
    {
      value: `${out}: ${(error as NodeJS.ErrnoException).code ?? ""}`,
      hint: "Check free space and permissions of the output folder and its parent.",
      cause: error,
    },
  );
}

/** The last step of `generate`: reads the staged files back and, if they are right, swaps them in. */
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "../errors.js";
import type { Expectation } from "../verify/read-back.js";
import type { Step } from "./journal.js";
import { MANIFEST } from "./manifest.js";
import { holdSignals } from "./signals.js";
import { discard } from "./staging.js";
import { swapIn } from "./swap.js";

/** All that is needed to put staged files in place. */
export interface Job {
  readonly out: string;
  readonly staging: string;
  /** Whether the output folder is there; where it is not, one rename does it. */
  readonly exists: boolean;
  readonly steps: readonly Step[];
  readonly expectation: Expectation;
}

/**
 * Does the job: afterwards the folder holds the new client or, with an error, the old one.
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

/** What an error of the file system means for the caller; errors of ours stay. */
export function unwritable(out: string, error: unknown): CodegenError {
  if (error instanceof CodegenError) return error;
  return new CodegenError(
    "output_unwritable",
    "The generated files cannot be written; the old ones stay.",
    {
      value: `${out}: ${(error as NodeJS.ErrnoException).code ?? ""}`,
      hint: "Check space and permissions of the output folder and of the one that it is in.",
      cause: error,
    },
  );
}

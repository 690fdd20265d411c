/** Writes a file atomically: readers see the old content or the new one. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CodegenError } from "../errors.js";

/** Writes a temporary file next to the target and renames it, so readers see the old text or the new one. */
export function writeAtomically(path: string, text: string): void {
  const beside = join(dirname(path), `.${basename(path)}.vix-codegen-${process.pid}`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    removeQuietly(beside);
    throw new CodegenError("output_unwritable", `The file ${path} cannot be written.`, {
      value: (error as NodeJS.ErrnoException).code ?? "",
      hint: "Check free space and permissions of its folder, or give another file with --out.",
      cause: error,
    });
  }
}

/** Removes a file that may not exist, in a folder that may not be one. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The original error is the one to report.
  }
}

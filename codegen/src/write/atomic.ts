/** Writes one file in a single step: readers see the old content or the new one. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CodegenError } from "../errors.js";

/** Writes a file beside its place and renames it: whoever reads sees the old text or the new one. */
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
      hint: "Check space and permissions of its folder, or give another file with --out.",
      cause: error,
    });
  }
}

/** Removes what may not be there, in a folder that may not be one. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The error that led here is the one to tell.
  }
}

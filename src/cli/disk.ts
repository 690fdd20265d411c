/** Failures to write files, as the command line reports them. */
import { CliError, EXIT } from "./exit.js";

/**
 * Runs a step that writes a file.
 * @throws CliError `not_saved` in place of an error of the file system; other errors are unchanged
 */
export async function onDisk<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw notSaved(path, error);
  }
}

/** @param what the file, or its name */
export function notSaved(what: string, cause: unknown): CliError {
  return new CliError("not_saved", `${what} cannot be written: ${(cause as Error).message}.`, {
    exitCode: EXIT.failed,
    cause,
  });
}

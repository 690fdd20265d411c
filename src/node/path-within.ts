/** Confines paths that somebody else names to folders. */
import { realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { VisionatrixError } from "../errors/errors.js";

/**
 * The real path of a file below one of the folders, for `fileFromPath` where users or agents name the file.
 * Symbolic links are resolved first, so that none leads out.
 * @param given a path, relative to each of the folders in turn or absolute; or a `file:` URL
 * @throws VisionatrixError `file_unreadable` for any other path, whether or not it exists
 */
export async function pathWithin(given: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    try {
      const root = await realpath(folder);
      const path = given.startsWith("file:") ? fileURLToPath(given) : given;
      const real = await realpath(resolve(root, path));
      if (real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
    } catch {
      // Missing, or not a valid path: the same error as for a file elsewhere.
    }
  }
  throw new VisionatrixError(
    "file_unreadable",
    `There is no file ${JSON.stringify(given)} below ${folders.join(" or ")}.`,
  );
}

import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { VisionatrixError } from "../errors.js";

/**
 * A file on disk as the value of a file parameter. It is read while it is sent, never held in memory; a
 * file that changes in between is an error, not a cut upload.
 * @throws VisionatrixError `file_unreadable` when there is no such file, or it may not be read
 */
export async function fileFromPath(path: string): Promise<File> {
  const full = resolve(path);
  try {
    if (!(await stat(full)).isFile()) throw new Error("it is not a file");
    return new File([await openAsBlob(full)], basename(full));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : message;
    throw new VisionatrixError("file_unreadable", `Cannot read ${full}: ${reason}.`, { cause });
  }
}

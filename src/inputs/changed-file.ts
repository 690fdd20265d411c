/** Files that change or vanish while they are sent. */
import { VisionatrixError } from "../errors/errors.js";

/** Platforms refuse to read a file on disk that has changed, and do not say which. */
export async function orChanged<T>(reading: Promise<T>, field: string): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (!/^Not(Readable|Found)Error$/.test((cause as Error | undefined)?.name ?? "")) throw cause;
    throw new VisionatrixError(
      "file_changed",
      `The file of \`${field}\` can no longer be read: it changed or disappeared after it was chosen. Nothing was created.`,
      { cause },
    );
  }
}

import { createWriteStream } from "node:fs";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { VisionatrixError } from "../errors.js";
import { safeName } from "../file-name.js";
import type { ResultFile } from "../result-file.js";

export interface SaveOptions {
  signal?: AbortSignal;
  /**
   * What to do where the name is taken: `number` (default) saves beside it as `name-2.png`, `error`
   * refuses, `overwrite` replaces it.
   */
  collision?: "number" | "error" | "overwrite";
}

/**
 * Saves result files into a folder, which is made if need be. A name that exists is a whole file: bytes
 * go to a hidden name first.
 * @returns absolute paths, in the order of the files
 * @throws VisionatrixError `name_taken`, `download_cut`, `not_saved`
 */
export async function saveFiles(
  files: readonly ResultFile[],
  dir: string,
  options: SaveOptions = {},
): Promise<string[]> {
  const folder = resolve(dir);
  const paths: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const file of files) paths.push(await saveFile(file, folder, options));
  } catch (cause) {
    if (cause instanceof VisionatrixError || !("code" in (cause as object))) throw cause;
    throw new VisionatrixError(
      "not_saved",
      `Cannot save into ${folder}: ${(cause as Error).message}.`,
      { cause },
    );
  }
  return paths;
}

async function saveFile(
  file: ResultFile,
  folder: string,
  { signal, collision = "number" }: SaveOptions,
): Promise<string> {
  const partial = join(
    folder,
    `.${file.taskId}-${file.nodeId}-${file.index}-${randomSuffix()}.part`,
  );
  try {
    const target = createWriteStream(partial, { flags: "wx" });
    const body = await file.stream(signal ? { signal } : {});
    await pipeline(Readable.fromWeb(body as never), target, signal ? { signal } : {});
    if (file.size !== undefined && target.bytesWritten !== file.size)
      throw new VisionatrixError(
        "download_cut",
        `${file.name} came with ${target.bytesWritten} of ${file.size} bytes; save it again.`,
        { taskIds: [file.taskId] },
      );
    return await publish(partial, folder, safeName(file.name), collision);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Gives a finished file its name. */
async function publish(
  partial: string,
  folder: string,
  name: string,
  collision: NonNullable<SaveOptions["collision"]>,
): Promise<string> {
  const [, stem = name, extension = ""] = /^(.+?)(\.[^.]*)?$/s.exec(name) ?? [];
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${stem}-${number}${extension}`);
    if (collision === "overwrite") {
      await rename(partial, path);
      return path;
    }
    try {
      // Unlike a rename, a link never replaces what is there.
      await link(partial, path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (collision === "error")
        throw new VisionatrixError(
          "name_taken",
          `${path} exists already: move it away, or save with collision "number" or "overwrite".`,
        );
    }
  }
}

function randomSuffix(): string {
  return Math.random().toString(36).slice(2, 10);
}

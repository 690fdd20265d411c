/** Writes result files to disk such that a name that exists is a whole file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { download } from "../results/download.js";
import { VisionatrixError } from "../errors/errors.js";
import { fillPattern } from "../results/file-name.js";
import type { ResultFile } from "../results/result-file.js";
import { systemClock } from "../time/clock.js";
import { createSlots, type Slots } from "../time/slots.js";
import { onAbort, stopper } from "../time/stop.js";
import { Folder } from "./folder.js";
import { removePartial } from "./partials.js";
import { recycler } from "./recycler.js";
import { writeSideCars, type Saved } from "./write-side-cars.js";
import { Writer } from "./writer.js";

export interface SaveOptions {
  signal?: AbortSignal | undefined;
  /**
   * Name within the folder, with `{flow}` `{task}` `{node}` `{index}` `{seed}` `{name}` (the server's,
   * without extension) and `{ext}`. A slash makes a folder, a backslash is refused. Default `{name}.{ext}`.
   */
  pattern?: string;
  /**
   * What to do where the name is taken: `number` (default) saves beside it as `name-2.png`, `error`
   * refuses, `overwrite` replaces it unless this call saved it, `skip-same` keeps a file of the same
   * bytes and else numbers.
   */
  collision?: "number" | "error" | "overwrite" | "skip-same";
  /**
   * Write a JSON file for each run as well, by which `rerun` makes it again. It adds to one of the same
   * run, whatever `collision` says. Default false.
   */
  metadata?: boolean;
  /** Files fetched at once. Default 4. */
  concurrency?: number;
  /** Called as bytes are written; `loaded` and `total` are of this file. */
  onProgress?:
    | ((progress: { file: ResultFile; loaded: number; total: number | undefined }) => void)
    | undefined;
}

/**
 * Saves result files into a folder, which is made if need be. Bytes go to a hidden name first and get
 * theirs when they are complete; broken downloads are taken up where they broke. When one file cannot be
 * saved the others are given up; those that are complete stay.
 * @returns absolute paths, in the order of the files
 * @throws VisionatrixError `invalid_option`, `name_taken`, `not_saved`, `download_failed`, `download_changed`
 * @throws AbortError when `signal` fires
 */
export async function saveFiles(
  files: readonly ResultFile[],
  dir: string,
  options: SaveOptions = {},
): Promise<string[]> {
  const { collision = "number", metadata = false } = options;
  // What cannot be done as it was asked for is found before anything is made or fetched.
  const fetching = fetchSlots(options.concurrency);
  const names = files.map((file) => nameOf(file, options.pattern));
  const caller = stopper(systemClock, [options.signal], undefined, "Saving");
  const stop = new AbortController();
  // Of several failures the first counts, which is what stopped the others.
  const fail = (error: unknown): void => stop.abort(error);
  const unfollow = onAbort(caller.signal, () => fail(caller.signal.reason));
  let folder: Folder | undefined;
  try {
    stop.signal.throwIfAborted();
    const into = (folder = await Folder.open(dir));
    const fetched = files.map(async (file, index) =>
      fetching
        .run(async () => {
          if (stop.signal.aborted) return undefined;
          return fetchFile(file, names[index] as string[], into, options, stop.signal);
        })
        .catch(fail),
    );
    const saved: Saved[] = [];
    // Names are given in the order of the files, whichever is complete first.
    for (const [index, file] of fetched.entries()) {
      const complete = await file;
      if (!complete) continue;
      const { partial, sha256 } = complete;
      try {
        // It is complete also where another one failed; only the caller may want no more.
        if (caller.signal.aborted) continue;
        const name = names[index] as string[];
        const keepSame =
          collision === "skip-same"
            ? async (taken: string) => ((await same(partial, taken)) ? "keep" : undefined)
            : undefined;
        const path = await folder.publish(partial, name, collision, keepSame);
        saved[index] = { path, sha256 };
      } catch (error) {
        fail(error);
      } finally {
        await removePartial(partial);
      }
    }
    stop.signal.throwIfAborted();
    if (metadata) await writeSideCars(files, saved, folder, collision);
    return saved.map(({ path }) => path);
  } catch (error) {
    await folder?.discard();
    throw error;
  } finally {
    unfollow();
    caller.release();
  }
}

/** Files of one call that are fetched at once. */
function fetchSlots(limit: unknown = 4): Slots {
  if (typeof limit !== "number" || Number.isNaN(limit))
    throw new VisionatrixError(
      "invalid_option",
      `concurrency is a number from 1 on, such as 4, not ${String(limit)}.`,
    );
  return createSlots(limit);
}

function nameOf(file: ResultFile, pattern = "{name}.{ext}"): string[] {
  const dot = file.name.lastIndexOf(".");
  try {
    // It would become a part of the name on one platform, and a folder on another.
    if (pattern.includes("\\"))
      throw new TypeError(
        "folders are divided by a slash, also on Windows, and not by a backslash",
      );
    return fillPattern(pattern, {
      flow: file.flow,
      task: String(file.taskId),
      node: String(file.nodeId),
      index: String(file.index),
      seed: String(file.seed ?? "noseed"),
      name: dot > 0 ? file.name.slice(0, dot) : file.name,
      ext: dot > 0 ? file.name.slice(dot + 1) : "bin",
    });
  } catch (cause) {
    throw new VisionatrixError(
      "invalid_option",
      `The pattern ${JSON.stringify(pattern)} cannot be used: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

/** A file that is complete, and has no name yet. */
interface Complete {
  readonly partial: string;
  readonly sha256: string | undefined;
}

async function fetchFile(
  file: ResultFile,
  name: readonly string[],
  folder: Folder,
  { onProgress, metadata }: SaveOptions,
  signal: AbortSignal,
): Promise<Complete> {
  const partial = await folder.partial(name);
  let target: FileHandle | undefined;
  try {
    // `wx` also refuses a link that somebody put there.
    target = await folder.doing(() => open(partial, "wx"));
    const sha256 = await write(file, target, folder, metadata === true, onProgress, signal);
    await folder.doing(() => target?.close());
    return { partial, sha256 };
  } catch (error) {
    await target?.close().catch(() => undefined);
    await removePartial(partial);
    throw error;
  }
}

/** Fetches a file into another; returns its hash if one is wanted. */
async function write(
  file: ResultFile,
  target: FileHandle,
  folder: Folder,
  hashed: boolean,
  onProgress: SaveOptions["onProgress"],
  signal: AbortSignal,
): Promise<string | undefined> {
  let hash = hashed ? createHash("sha256") : undefined;
  const writer = new Writer(target, folder);
  const onRestart = async (): Promise<void> => {
    hash = hashed ? createHash("sha256") : undefined;
    await writer.restart();
  };
  const options = {
    signal,
    onRestart,
    recycler,
    ...(onProgress && {
      onProgress: (progress: { loaded: number; total: number | undefined }) =>
        onProgress({ file, ...progress }),
    }),
  };
  try {
    for await (const chunk of download(file, options)) {
      hash?.update(chunk);
      const behind = writer.add(chunk);
      if (behind) await behind;
    }
  } finally {
    await writer.settled();
  }
  await writer.end();
  return hash?.digest("hex");
}

/** Whether two files have the same bytes. */
async function same(a: string, b: string): Promise<boolean> {
  const digest = async (path: string): Promise<string> => {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest("hex");
  };
  try {
    return (await digest(a)) === (await digest(b));
  } catch {
    return false;
  }
}

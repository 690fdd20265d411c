/** Writes result files to disk such that a name that exists is a whole file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { download } from "../download.js";
import { AbortError, VisionatrixError } from "../errors.js";
import { fillPattern } from "../file-name.js";
import type { ResultFile } from "../result-file.js";
import { Folder } from "./folder.js";
import { removePartial } from "./partials.js";
import { recycler } from "./recycler.js";
import { writeSideCars, type Saved } from "./side-car.js";
import { Writer } from "./writer.js";

export interface SaveOptions {
  signal?: AbortSignal | undefined;
  /**
   * Name within the folder, with `{flow}` `{task}` `{node}` `{index}` `{seed}` `{name}` (the server's,
   * without extension) and `{ext}`. A slash makes a folder. Default `{name}.{ext}`.
   */
  pattern?: string;
  /**
   * What to do where the name is taken: `number` (default) saves beside it as `name-2.png`, `error`
   * refuses, `overwrite` replaces it, `skip-same` keeps a file of the same bytes and else numbers.
   */
  collision?: "number" | "error" | "overwrite" | "skip-same";
  /** Write a JSON file for each run as well, by which `rerun` makes it again. Default false. */
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
 * @throws VisionatrixError `name_taken`, `not_saved`, `download_failed`, `download_changed`
 * @throws AbortError when `signal` fires
 */
export async function saveFiles(
  files: readonly ResultFile[],
  dir: string,
  options: SaveOptions = {},
): Promise<string[]> {
  const { signal, concurrency = 4, metadata = false } = options;
  // A pattern that cannot be filled is found before anything is fetched.
  const names = files.map((file) => nameOf(file, options.pattern));
  const folder = await Folder.open(dir);
  const saved: Saved[] = [];
  let next = 0;
  let failed = false;
  // Names are given in the order of the files, whichever is complete first.
  let named: Promise<unknown> = Promise.resolve();

  const worker = async (): Promise<void> => {
    for (let index = next++; index < files.length && !failed; index = next++) {
      const file = files[index] as ResultFile;
      const turn = named;
      let passTurn = (): void => undefined;
      named = new Promise<void>((resolve) => {
        passTurn = resolve;
      });
      try {
        saved[index] = await save(file, names[index] as string[], folder, turn, options, stopped);
      } catch (error) {
        failed = true;
        stop.abort(error);
        throw error;
      } finally {
        passTurn();
      }
    }
  };
  const stop = new AbortController();
  const follow = (): void => stop.abort(signal?.reason);
  const stopped = stop.signal;
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  try {
    const workers = Array.from({ length: Math.max(1, concurrency) }, worker);
    const outcomes = await Promise.allSettled(workers);
    // The first failure is what stopped the others.
    const broken = outcomes.filter((outcome) => outcome.status === "rejected");
    const first = broken.find((outcome) => outcome.reason === stopped.reason) ?? broken[0];
    if (first) throw first.reason as Error;
    if (metadata) await writeSideCars(files, saved, folder);
    return saved.map(({ path }) => path);
  } catch (error) {
    await folder.discard();
    throw error;
  } finally {
    signal?.removeEventListener("abort", follow);
  }
}

function nameOf(file: ResultFile, pattern = "{name}.{ext}"): string[] {
  const dot = file.name.lastIndexOf(".");
  try {
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

async function save(
  file: ResultFile,
  name: readonly string[],
  folder: Folder,
  turn: Promise<unknown>,
  { collision = "number", onProgress, metadata }: SaveOptions,
  signal: AbortSignal,
): Promise<Saved> {
  const partial = await folder.partial(name);
  let target: FileHandle | undefined;
  try {
    // `wx` also refuses a link that somebody put there.
    target = await folder.doing(() => open(partial, "wx"));
    const hash = await write(file, target, folder, metadata === true, onProgress, signal);
    await folder.doing(() => target?.close());
    target = undefined;
    await turn;
    // Whoever failed meanwhile stopped this one too.
    if (signal.aborted)
      throw new AbortError("aborted", "Stopped by the caller.", { cause: signal.reason });
    const path = await folder.publish(partial, name, collision, (taken) => same(partial, taken));
    return { path, sha256: hash };
  } finally {
    await target?.close().catch(() => undefined);
    await removePartial(partial);
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

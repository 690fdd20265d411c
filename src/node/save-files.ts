/** Writes result files to disk such that a file under its final name is always complete. */
import { VisionatrixError } from "../errors/errors.js";
import { download } from "../results/download.js";
import { originOf, type ResultFile } from "../results/result-file.js";
import { systemClock } from "../time/clock.js";
import { createSlots } from "../time/slots.js";
import { onAbort, stopper } from "../time/stop.js";
import { areSame } from "./digest.js";
import { Folder } from "./folder.js";
import { whileWriting } from "./open-files.js";
import { PartFile } from "./part-file.js";
import { leavePartial, removePartial } from "./partials.js";
import { recycler } from "./recycler.js";
import { checkOrder, type SaveOptions } from "./save-options.js";
import { writeSideCars, type Saved } from "./write-side-cars.js";

/**
 * Saves result files into a folder, which is created if needed. Each file is written under a hidden name, and
 * renamed when complete. Broken downloads resume, and an outage of the server is waited out for up to
 * `poll.outageMs`. When one file cannot be saved, the others are stopped; complete files stay.
 * @returns absolute paths, in the order of the files
 * @throws VisionatrixError `invalid_option`, `name_taken`, `not_saved`, `download_failed`, `download_changed`
 * @throws AbortError when `signal` fires
 */
export async function saveFiles(
  files: readonly ResultFile[],
  dir: string,
  options: SaveOptions = {},
): Promise<string[]> {
  const { names, collision, metadata, resume, concurrency } = checkOrder(files, dir, options);
  const fetching = createSlots(concurrency);
  const caller = stopper(systemClock, [options.signal], undefined, "Saving");
  const stop = new AbortController();
  // The first failure counts, since it stopped the others.
  const fail = (error: unknown): void => stop.abort(error);
  const unfollow = onAbort(caller.signal, () => fail(caller.signal.reason));
  let folder: Folder | undefined;
  try {
    stop.signal.throwIfAborted();
    const into = (folder = await Folder.open(dir, resume));
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
      // A complete file gets its name even if another one failed, but not if the caller aborted.
      const isStopped = caller.signal.aborted;
      try {
        if (isStopped) continue;
        const name = names[index] as string[];
        const keepSame =
          collision === "skip-same"
            ? async (taken: string) => ((await areSame(partial, taken)) ? "keep" : undefined)
            : undefined;
        const path = await folder.publish(partial, name, collision, keepSame);
        saved[index] = { path, sha256 };
      } catch (error) {
        fail(error);
      } finally {
        await (isStopped && resume ? leavePartial(partial) : removePartial(partial));
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

/** A complete file that has no name yet. */
interface Complete {
  readonly partial: string;
  readonly sha256: string | undefined;
}

/** Fetches a file once its client and this process have a free slot. */
function fetchFile(
  file: ResultFile,
  name: readonly string[],
  folder: Folder,
  options: SaveOptions,
  signal: AbortSignal,
): Promise<Complete> {
  const fetch = (): Promise<Complete> => fetchNow(file, name, folder, options, signal);
  // Always in this order, as for uploads, to avoid a deadlock.
  return originOf(file).api.transfers.run(() => whileWriting(fetch, signal), signal);
}

async function fetchNow(
  file: ResultFile,
  name: readonly string[],
  folder: Folder,
  { onProgress, metadata = false, resume = false }: SaveOptions,
  signal: AbortSignal,
): Promise<Complete> {
  const part = new PartFile(folder, await folder.folderOf(name), file, metadata, signal);
  try {
    const beginning = resume ? await part.goOn(file.size) : undefined;
    const bytes = download(file, {
      signal,
      beginning,
      onStart: (version) => part.start(version),
      recycler,
      onProgress: onProgress && ((progress) => onProgress({ file, ...progress })),
    });
    for await (const chunk of bytes) {
      const behind = part.add(chunk);
      if (behind) await behind;
    }
    return await part.end();
  } catch (error) {
    // For another version, or on a full disk, the bytes so far are useless.
    const isUseless =
      error instanceof VisionatrixError && /^(not_saved|download_changed)$/.test(error.code);
    await (resume && !isUseless ? part.leave() : part.remove());
    throw error;
  }
}

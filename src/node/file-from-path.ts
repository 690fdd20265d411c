import { open, stat, type FileHandle } from "node:fs/promises";
import { openAsBlob, type Stats } from "node:fs";
import { basename, resolve } from "node:path";
import { streamOf } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import { extensionOf, sniff, SNIFF_BYTES } from "../bytes/media.js";

/** Read at once, in bytes. Larger pieces gain little speed, and more of them wait to be collected. */
const CHUNK_BYTES = 64 * 1024;

/** Between two looks whether the file is still the same, in bytes. */
const CHECK_EVERY = 32 * CHUNK_BYTES;

/**
 * A file on disk as the value of a file parameter. It is read while it is sent, never held in memory; a
 * file that changes in between is an error, not a cut upload.
 * @throws VisionatrixError `file_unreadable` when there is no such file, or it may not be read
 */
export async function fileFromPath(path: string | URL): Promise<File> {
  const full = path instanceof URL ? path : resolve(path);
  const shown = path instanceof URL ? path.pathname : resolve(path);
  try {
    const facts = await stat(full);
    if (!facts.isFile()) throw new Error("it is not a file");
    const given = basename(shown);
    const name = extensionOf(given) ? given : `${given}.${(await headOf(full)) || "bin"}`;
    return new DiskFile(await openAsBlob(full), name, full, facts);
  } catch (cause) {
    throw unreadable(shown, cause);
  }
}

/** A `File` whose bytes are read from disk as they are asked for. */
class DiskFile extends File {
  readonly #path: string | URL;
  readonly #facts: Stats;

  constructor(blob: Blob, name: string, path: string | URL, facts: Stats) {
    super([blob], name, { lastModified: facts.mtimeMs });
    this.#path = path;
    this.#facts = facts;
  }

  /** In larger pieces than the platform's, and seeing to it that the file stays the same. */
  override stream(): ReturnType<File["stream"]> {
    return streamOf(this.#chunks());
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    let file: FileHandle;
    try {
      file = await open(this.#path);
    } catch (cause) {
      throw unreadable(String(this.#path), cause);
    }
    try {
      let left = this.size;
      for (let unchecked = 0; left > 0; unchecked -= CHUNK_BYTES) {
        if (unchecked <= 0) {
          await this.#check(file);
          unchecked = CHECK_EVERY;
        }
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, left));
        const { bytesRead } = await file.read(chunk, 0, chunk.length);
        left -= bytesRead;
        // The last piece is given only when the file is known to be the same until its end.
        if (left === 0 || bytesRead === 0) await this.#check(file);
        if (bytesRead === 0) throw this.#changed();
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async #check(file: FileHandle): Promise<void> {
    const { size, mtimeMs, ino, nlink } = await file.stat();
    const known = this.#facts;
    // No name leads to it any more: it was deleted, or another file took its place.
    if (nlink === 0)
      throw new VisionatrixError(
        "file_changed",
        `${String(this.#path)} vanished while it was read.`,
      );
    if (size !== known.size || mtimeMs !== known.mtimeMs || ino !== known.ino)
      throw this.#changed();
  }

  #changed(): VisionatrixError {
    return new VisionatrixError(
      "file_changed",
      `${String(this.#path)} has changed since fileFromPath() looked at it: call it again when the file is complete.`,
    );
  }
}

async function headOf(path: string | URL): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(SNIFF_BYTES), 0, SNIFF_BYTES);
    return sniff(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): VisionatrixError {
  if (cause instanceof VisionatrixError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason =
    code === "ENOENT"
      ? "there is no such file"
      : code === "EACCES"
        ? "this user may not read it"
        : message;
  return new VisionatrixError("file_unreadable", `Cannot read ${path}: ${reason}.`, { cause });
}

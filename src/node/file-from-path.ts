/** Files on disk as values of file parameters, read while they are sent. */
import { File as NodeFile } from "node:buffer";
import { openAsBlob, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { extensionOf, sniff, SNIFF_BYTES } from "../bytes/media.js";
import { streamOf } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import { glance } from "./open-files.js";

/** Given on at once, in bytes. Larger pieces gain little speed, and more of them wait to be collected. */
const CHUNK_BYTES = 64 * 1024;

/** Read each time the file is open, in bytes. */
const READ_BYTES = 8 * CHUNK_BYTES;

/**
 * A file on disk as the value of a file parameter. It is read while it is sent, never held in memory; a
 * file that changes in between is an error, not a cut upload.
 * @param path a path, or a URL of the scheme `file:`
 * @throws VisionatrixError `file_unreadable` when there is no such file, or it may not be read
 */
export async function fileFromPath(path: string | URL): Promise<File> {
  let full = String(path);
  try {
    full = typeof path === "string" ? resolve(path) : fileURLToPath(full);
    const facts = await stat(full);
    if (!facts.isFile()) throw new Error("it is not a file");
    const given = basename(full);
    const name = extensionOf(given) ? given : `${given}.${(await extensionByHead(full)) || "bin"}`;
    return new DiskFile(await openAsBlob(full), name, full, facts);
  } catch (cause) {
    throw unreadable(full, cause);
  }
}

/** Not the global class, which test environments replace by one that does not know Node's blobs. */
const PlatformFile = NodeFile as unknown as typeof File;

/** A `File` whose bytes are read from disk as they are asked for. */
class DiskFile extends PlatformFile {
  readonly #path: string;
  readonly #facts: Stats;

  constructor(blob: Blob, name: string, path: string, facts: Stats) {
    super([blob], name, { lastModified: facts.mtimeMs });
    this.#path = path;
    this.#facts = facts;
  }

  /**
   * Unlike the platform's, sees to it that the file stays the same, and has it open only while it reads:
   * many streams that nobody reads on take no handles.
   */
  override stream(): ReturnType<File["stream"]> {
    return streamOf(this.#chunks());
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.size;) {
      const bytes = await this.#read(at, Math.min(READ_BYTES, this.size - at));
      at += bytes.length;
      for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
        yield bytes.subarray(start, start + CHUNK_BYTES);
    }
  }

  /** Bytes from a place on. They are given only where the file is still the same after the reading. */
  async #read(position: number, length: number): Promise<Uint8Array> {
    try {
      return await glance(this.#path, "r", async (file) => {
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length;) {
          const { bytesRead } = await file.read(bytes, done, length - done, position + done);
          if (bytesRead === 0) throw this.#changed();
          done += bytesRead;
        }
        const { size, mtimeMs, ino, nlink } = await file.stat();
        const known = this.#facts;
        // No name leads to it any more: it was deleted, or another file took its place.
        if (nlink === 0) throw this.#vanished();
        if (size !== known.size || mtimeMs !== known.mtimeMs || ino !== known.ino)
          throw this.#changed();
        return bytes;
      });
    } catch (cause) {
      if (position > 0 && (cause as NodeJS.ErrnoException).code === "ENOENT")
        throw this.#vanished();
      throw unreadable(this.#path, cause);
    }
  }

  #vanished(): VisionatrixError {
    return new VisionatrixError("file_changed", `${this.#path} vanished while it was read.`);
  }

  #changed(): VisionatrixError {
    return new VisionatrixError(
      "file_changed",
      `${this.#path} has changed since fileFromPath() looked at it: call it again when the file is complete.`,
    );
  }
}

/** The extension that the first bytes speak for; empty where they do not. */
function extensionByHead(path: string): Promise<string> {
  return glance(path, "r", async (file) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(SNIFF_BYTES), 0, SNIFF_BYTES);
    return sniff(buffer.subarray(0, bytesRead));
  });
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

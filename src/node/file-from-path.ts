/** Files on disk as values of file parameters, read while they are sent. */
import { File as NodeFile } from "node:buffer";
import { openAsBlob, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { extensionOf, mediaTypeFor, sniff, SNIFF_BYTES } from "../bytes/media.js";
import { streamOf } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import { glance } from "./open-files.js";

/** Chunk size in bytes. Larger chunks gain little speed, and leave more memory waiting for collection. */
const CHUNK_BYTES = 64 * 1024;

/** Bytes read each time the file is opened. */
const READ_BYTES = 8 * CHUNK_BYTES;

/**
 * A file on disk as the value of a file parameter. It is read while it is sent and never held in memory
 * whole. A file that changes in between causes an error, not a truncated upload.
 * @param path a path, or a `file:` URL
 * @throws VisionatrixError `file_unreadable` when the file does not exist or may not be read
 */
export async function fileFromPath(path: string | URL): Promise<File> {
  let full = String(path);
  try {
    full = typeof path === "string" ? resolve(path) : fileURLToPath(full);
    const facts = await stat(full);
    if (!facts.isFile()) throw new Error("it is not a file");
    const given = basename(full);
    const extension = extensionOf(given);
    // A name like "run.log" or "photo" says nothing about the content; the first bytes may.
    const isTelling = extension && mediaTypeFor(extension) !== "application/octet-stream";
    const byHead = isTelling ? "" : await extensionByHead(full);
    const name = extension ? given : `${given}.${byHead || "bin"}`;
    const type = byHead === "txt" ? "text/plain" : "";
    return new DiskFile(await openAsBlob(full), { name, type }, full, facts);
  } catch (cause) {
    throw unreadable(full, cause);
  }
}

/** Not the global class, because some test environments replace it with one that does not know Node's blobs. */
const PlatformFile = NodeFile as unknown as typeof File;

/** A `File` whose bytes are read from disk on demand. */
class DiskFile extends PlatformFile {
  readonly #path: string;
  readonly #facts: Stats;

  constructor(
    blob: Blob,
    { name, type }: { name: string; type: string },
    path: string,
    facts: Stats,
  ) {
    super([blob], name, { type, lastModified: facts.mtimeMs });
    this.#path = path;
    this.#facts = facts;
  }

  /**
   * Unlike the platform's `stream()`, checks that the file stays the same, and keeps it open only while
   * reading: many idle streams hold no file handles.
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

  /** Bytes from a position. Returned only if the file is unchanged after the read. */
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
        // No name leads to it any more: the file was deleted or replaced.
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
    return new VisionatrixError("file_changed", `${this.#path} disappeared while it was read.`);
  }

  #changed(): VisionatrixError {
    return new VisionatrixError(
      "file_changed",
      `${this.#path} changed after fileFromPath() checked it: call it again when the file is complete.`,
    );
  }
}

/** The extension that the first bytes indicate, `txt` for text; empty when they indicate none. */
function extensionByHead(path: string): Promise<string> {
  return glance(path, "r", async (file) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(SNIFF_BYTES), 0, SNIFF_BYTES);
    const head = buffer.subarray(0, bytesRead);
    return sniff(head) || (isText(head) ? "txt" : "");
  });
}

/** Whether these bytes, which may end within a character, are UTF-8 text without control characters. */
function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return text !== "" && !/(?![\t\n\f\r])\p{Cc}/u.test(text);
  } catch {
    return false;
  }
}

function unreadable(path: string, cause: unknown): VisionatrixError {
  if (cause instanceof VisionatrixError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason =
    code === "ENOENT"
      ? "the file does not exist"
      : code === "EACCES"
        ? "this user may not read it"
        : message;
  return new VisionatrixError("file_unreadable", `Cannot read ${path}: ${reason}.`, { cause });
}

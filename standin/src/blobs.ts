/** Stores bytes: small blobs in memory, large ones on disk, so that uploads cannot fill the memory. */
import { once } from "node:events";
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  type WriteStream,
} from "node:fs";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

/** Immutable bytes in a {@link BlobStore}, with a reference count. */
export interface StoredBlob {
  readonly size: number;
  /** Set while the bytes are in memory. */
  bytes?: Buffer;
  /** Name inside the store's folder, for bytes on disk. */
  file?: string;
  users: number;
}

/** Uploads up to this size stay in memory. */
const IN_MEMORY = 256 * 1024;
/** Limit of all bytes in memory; above it, small uploads go to disk as well. */
const MEMORY_BUDGET = 128 * 1024 * 1024;

export class BlobStore {
  readonly #permanent: boolean;
  #dir: string | undefined;
  #next = 1;
  #inMemory = 0;

  /**
   * @param dir keeps all bytes permanently; without it, only large blobs are on disk, in a temporary folder
   */
  constructor(dir?: string) {
    this.#permanent = dir !== undefined;
    this.#dir = dir;
    if (dir !== undefined) mkdirSync(dir, { recursive: true });
  }

  /** Continues the numbering of files after a restart. */
  skipTo(next: number): void {
    this.#next = Math.max(this.#next, next);
  }

  /** Keeps bytes. */
  async put(bytes: Buffer): Promise<StoredBlob> {
    if (!this.#mustGoToDisk(bytes.length)) return this.#hold(bytes);
    const file = this.#newFile();
    await writeFile(this.#path(file), bytes);
    return { size: bytes.length, file, users: 1 };
  }

  /** Keeps the bytes of a stream. Only a small part of it is in memory at any time. */
  async receive(stream: Readable): Promise<StoredBlob> {
    const head: Buffer[] = [];
    let size = 0;
    let disk: { file: string; stream: WriteStream } | undefined;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (disk === undefined) {
          head.push(chunk);
          if (!this.#mustGoToDisk(size)) continue;
          const file = this.#newFile();
          disk = { file, stream: createWriteStream(this.#path(file)) };
          // `once` and `finished` report errors. After `destroy`, nothing else would handle them.
          disk.stream.on("error", () => undefined);
          for (const early of head.splice(0)) disk.stream.write(early);
        } else if (!disk.stream.write(chunk)) {
          await once(disk.stream, "drain");
        }
      }
    } catch (error) {
      if (disk !== undefined) {
        disk.stream.destroy();
        await rm(this.#path(disk.file), { force: true });
      }
      throw error;
    }
    if (disk === undefined) {
      const bytes = Buffer.concat(head);
      return this.#mustGoToDisk(size) ? await this.put(bytes) : this.#hold(bytes);
    }
    disk.stream.end();
    await finished(disk.stream);
    return { size, file: disk.file, users: 1 };
  }

  /** Adds a reference. */
  share(blob: StoredBlob): StoredBlob {
    blob.users += 1;
    return blob;
  }

  /** Removes a reference; the last one deletes the bytes. */
  release(blob: StoredBlob): void {
    blob.users -= 1;
    if (blob.users > 0) return;
    if (blob.bytes !== undefined) this.#inMemory -= blob.size;
    if (blob.file !== undefined) void rm(this.#path(blob.file), { force: true });
  }

  async read(blob: StoredBlob): Promise<Buffer> {
    return blob.bytes ?? (await readFile(this.#path(blob.file ?? "")));
  }

  /** The bytes from `start` to before `end`. */
  async slice(blob: StoredBlob, start: number, end: number): Promise<Buffer> {
    if (blob.bytes !== undefined) return blob.bytes.subarray(start, end);
    const handle = await open(this.#path(blob.file ?? ""));
    try {
      const bytes = Buffer.alloc(Math.max(0, Math.min(end, blob.size) - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  /** A stream of the bytes from `start` to before `end`. */
  stream(blob: StoredBlob, start = 0, end: number = blob.size): Readable {
    if (blob.bytes !== undefined) return Readable.from([blob.bytes.subarray(start, end)]);
    if (start >= end) return Readable.from([]);
    return createReadStream(this.#path(blob.file ?? ""), { start, end: end - 1 });
  }

  /** Removes the temporary folder, if there is one. */
  close(): void {
    if (!this.#permanent && this.#dir !== undefined) {
      rmSync(this.#dir, { recursive: true, force: true });
    }
  }

  #mustGoToDisk(size: number): boolean {
    return this.#permanent || size > IN_MEMORY || this.#inMemory + size > MEMORY_BUDGET;
  }

  #hold(bytes: Buffer): StoredBlob {
    this.#inMemory += bytes.length;
    // A copy: a small slice would keep its large buffer in memory.
    return { size: bytes.length, bytes: Buffer.from(bytes), users: 1 };
  }

  #newFile(): string {
    this.#dir ??= mkdtempSync(join(tmpdir(), "visionatrix-standin-"));
    return `${this.#next++}.bin`;
  }

  #path(file: string): string {
    return join(this.#dir ?? "", file);
  }
}

/** Writes a file while more of it comes. */
import type { FileHandle } from "node:fs/promises";
import type { Folder } from "./folder.js";

/** Written at once, in bytes; the pieces that come over the network are small. */
const WRITE_BYTES = 1024 * 1024;

/** So much may wait for a slow disk, in bytes; then the network waits too. */
const MOST_WAITING = 4 * 1024 * 1024;

export class Writer {
  readonly #target: FileHandle;
  readonly #folder: Folder;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #at = 0;
  #writing: Promise<void> | undefined;

  constructor(target: FileHandle, folder: Folder) {
    this.#target = target;
    this.#folder = folder;
  }

  /** Takes the next bytes, which must stay as they are. Rejects if earlier ones could not be written. */
  async add(chunk: Uint8Array): Promise<void> {
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    if (!this.#writing && this.#bytes > WRITE_BYTES) this.#start();
    if (this.#bytes > MOST_WAITING) await this.#writing;
  }

  /** Throws away what was written. */
  async restart(): Promise<void> {
    await this.#writing;
    this.#waiting = [];
    this.#bytes = 0;
    this.#at = 0;
    await this.#folder.doing(() => this.#target.truncate(0));
  }

  /** Writes what is left, and resolves when all is written. */
  async end(): Promise<void> {
    await this.#writing;
    await this.#write(0);
  }

  /** Resolves when nothing is being written any more, whatever came of it. */
  async settled(): Promise<void> {
    await this.#writing?.catch(() => undefined);
  }

  #start(): void {
    this.#writing = this.#write(WRITE_BYTES).then(
      () => {
        this.#writing = undefined;
      },
      (error: unknown) => {
        // The next bytes wait for this write, and so meet its error.
        this.#bytes = Infinity;
        throw error;
      },
    );
    this.#writing.catch(() => undefined);
  }

  /** Writes as long as more than so many bytes wait. */
  async #write(least: number): Promise<void> {
    while (this.#bytes > least) {
      const chunks = this.#waiting;
      this.#waiting = [];
      await this.#writeAll(chunks);
    }
  }

  async #writeAll(chunks: Uint8Array[]): Promise<void> {
    for (let rest = chunks; rest.length > 0;) {
      const { bytesWritten } = await this.#folder.doing(() => this.#target.writev(rest, this.#at));
      this.#at += bytesWritten;
      this.#bytes -= bytesWritten;
      // A disk that is nearly full takes a part without an error.
      rest = without(rest, bytesWritten);
    }
  }
}

/** The chunks but their first `count` bytes. */
function without(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let left = count;
  for (const chunk of chunks) {
    if (left < chunk.length) rest.push(chunk.subarray(left));
    left = Math.max(0, left - chunk.length);
  }
  return rest;
}

/** Writes a file as its bytes arrive: one buffer is filled while the other is written. */
import type { FileHandle } from "node:fs/promises";
import type { Folder } from "./folder.js";

/**
 * Bytes per write. Not a power of two: for such a write, Linux looks for contiguous memory, which took twice
 * as long when measured (512 kB: 2.6 s a gigabyte, 480 kB: 1.2 s).
 */
const WRITE_BYTES = 480 * 1024;

export class Writer {
  readonly #target: FileHandle;
  readonly #folder: Folder;
  // Chunks are copied: kept chunks would age, and cost far more to collect than to copy.
  #filling = new Uint8Array(WRITE_BYTES);
  #other = new Uint8Array(WRITE_BYTES);
  #filled = 0;
  #at: number;
  #writing: Promise<void> = Promise.resolve();

  /** @param at position of the first byte */
  constructor(target: FileHandle, folder: Folder, at: number) {
    this.#target = target;
    this.#folder = folder;
    this.#at = at;
  }

  /**
   * Appends bytes. Returns a promise only while the disk is behind; it rejects if earlier bytes could not be
   * written.
   */
  add(chunk: Uint8Array): Promise<void> | undefined {
    const fits = chunk.subarray(0, WRITE_BYTES - this.#filled);
    this.#filling.set(fits, this.#filled);
    this.#filled += fits.length;
    if (this.#filled < WRITE_BYTES) return undefined;
    return this.#flush().then(() => this.add(chunk.subarray(fits.length)));
  }

  /** Resolves when everything is written. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Resolves when no write is pending, even after a failure. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  /** Writes the filled buffer as soon as the previous write is done. */
  async #flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#write(this.#filling.subarray(0, this.#filled), this.#at);
    // Whoever next waits for the write gets its failure.
    this.#writing.catch(() => undefined);
    this.#at += this.#filled;
    this.#filled = 0;
    [this.#filling, this.#other] = [this.#other, this.#filling];
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    // A nearly full disk may write only a part without an error.
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#folder.doing(() =>
        this.#target.write(bytes, done, bytes.length - done, position + done),
      );
      done += bytesWritten;
    }
  }
}

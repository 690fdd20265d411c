/** Writes a file while more of it comes: one buffer is filled while the other is written. */
import type { FileHandle } from "node:fs/promises";
import type { Folder } from "./folder.js";

/**
 * Written at once, in bytes. No power of two: for such a write Linux looks for memory in one piece,
 * which took twice the time where it was measured (512 kB: 2.6 s a gigabyte, 480 kB: 1.2 s).
 */
const WRITE_BYTES = 480 * 1024;

export class Writer {
  readonly #target: FileHandle;
  readonly #folder: Folder;
  // Pieces that were kept instead of copied would grow old, and cost far more to collect than to copy.
  #filling = new Uint8Array(WRITE_BYTES);
  #other = new Uint8Array(WRITE_BYTES);
  #filled = 0;
  #at: number;
  #writing: Promise<void> = Promise.resolve();

  /** @param at where the first byte goes */
  constructor(target: FileHandle, folder: Folder, at: number) {
    this.#target = target;
    this.#folder = folder;
    this.#at = at;
  }

  /**
   * Takes the next bytes. Returns a promise only while the disk is behind; it rejects where earlier bytes
   * could not be written.
   */
  add(chunk: Uint8Array): Promise<void> | undefined {
    const fits = chunk.subarray(0, WRITE_BYTES - this.#filled);
    this.#filling.set(fits, this.#filled);
    this.#filled += fits.length;
    if (this.#filled < WRITE_BYTES) return undefined;
    return this.#flush().then(() => this.add(chunk.subarray(fits.length)));
  }

  /** Resolves when all is written. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Resolves when nothing is being written any more, also where it failed. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  /** Starts to write what was taken, as soon as what came before is written. */
  async #flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#write(this.#filling.subarray(0, this.#filled), this.#at);
    // Whoever waits for it next gets its failure.
    this.#writing.catch(() => undefined);
    this.#at += this.#filled;
    this.#filled = 0;
    [this.#filling, this.#other] = [this.#other, this.#filling];
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    // A disk that is nearly full takes a part without an error.
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#folder.doing(() =>
        this.#target.write(bytes, done, bytes.length - done, position + done),
      );
      done += bytesWritten;
    }
  }
}

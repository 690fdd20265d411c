/** Bit stream writers for the media formats. */

/** Most significant bit first, as in H.264 and FLAC. */
export class BitWriter {
  #bytes: Buffer = Buffer.alloc(1 << 16);
  #length = 0;
  #current = 0;
  #free = 8;

  /** @param count 0 to 32 */
  bits(value: number, count: number): void {
    for (let left = count; left > 0;) {
      const take = Math.min(left, this.#free);
      left -= take;
      const part = (value >>> left) & ((1 << take) - 1);
      this.#current = (this.#current << take) | part;
      this.#free -= take;
      if (this.#free === 0) this.#flush();
    }
  }

  /** `count` zeros and a one. */
  unary(count: number): void {
    for (let left = count; left > 0; left -= 16) this.bits(0, Math.min(16, left));
    this.bits(1, 1);
  }

  /** Exponential Golomb code of a number of 0 or more. */
  golomb(value: number): void {
    const length = 32 - Math.clz32(value + 1);
    this.bits(0, length - 1);
    this.bits(value + 1, length);
  }

  signedGolomb(value: number): void {
    this.golomb(value > 0 ? 2 * value - 1 : -2 * value);
  }

  /** Zeros up to the next whole byte. */
  align(): void {
    if (this.#free < 8) this.bits(0, this.#free);
  }

  /** Whole bytes; the stream must be aligned. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The bytes written, up to the last whole byte. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #flush(): void {
    this.#reserve(1);
    this.#bytes[this.#length] = this.#current;
    this.#length += 1;
    this.#current = 0;
    this.#free = 8;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Least significant bit first, as in WebP. */
export class LowBitWriter {
  readonly #bytes: number[] = [];
  #current = 0;
  #used = 0;

  /** @param count 0 to 16 */
  bits(value: number, count: number): void {
    this.#current |= value << this.#used;
    this.#used += count;
    while (this.#used >= 8) {
      this.#bytes.push(this.#current & 255);
      this.#current >>>= 8;
      this.#used -= 8;
    }
  }

  done(): Buffer {
    if (this.#used > 0) this.#bytes.push(this.#current & 255);
    return Buffer.from(this.#bytes);
  }
}

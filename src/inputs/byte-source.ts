/** Streams that can be read once, as sources of a request that may have to be sent again. */
import { asBytes, concat, letGo } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import { isDisturbed } from "./disturbed.js";

/** So much of a stream is kept, in bytes: requests that small can be sent again. */
const KEPT_BYTES = 1024 * 1024;

/** A stream of bytes that can be looked into, and read again as long as little of it was read. */
export class ByteSource {
  readonly #what: string;
  readonly #next: () => Promise<IteratorResult<unknown, unknown>>;
  readonly #cancel: () => unknown;
  /** Chunks that were read and not let go of. */
  #kept: Uint8Array[] = [];
  /** How many chunks before those are gone. */
  #gone = 0;
  /** In bytes. */
  #read = 0;
  #pulling: Promise<void> | undefined;
  /** Who began last to read from the start; only this one reads on where too much came to be kept. */
  #reader: object | undefined;
  /** How many calls it is open for. */
  #holders = 0;
  #ended = false;
  #cancelled = false;
  #broken: VisionatrixError | undefined;

  /** @param what the stream's name in errors, as a sentence begins with it */
  constructor(stream: object, what: string) {
    this.#what = what;
    if ("getReader" in stream) {
      const reader = (stream as ReadableStream<unknown>).getReader();
      this.#next = () => reader.read();
      this.#cancel = () => reader.cancel();
    } else {
      const iterator = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      const { destroy } = stream as { destroy?: () => unknown };
      this.#next = () => iterator.next();
      // An iterator ends only after the piece that it waits for, and a stalled stream brings none.
      this.#cancel = () => (destroy ? destroy.call(stream) : iterator.return?.());
    }
  }

  /** Whether bytes are gone, so that it cannot be sent again. */
  isSpent(): boolean {
    return this.#gone > 0 || this.#cancelled;
  }

  /** The first bytes, at least `count` of them if there are so many. They stay in the stream. */
  async peek(count: number): Promise<Uint8Array> {
    while (!this.isSpent() && this.#read < count && !this.#ended) await this.#pull();
    if (this.isSpent()) throw this.#used();
    return concat(this.#kept);
  }

  /** All bytes, from the start. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    if (this.isSpent()) throw this.#used();
    const reader = {};
    this.#reader = reader;
    let given = 0;
    try {
      for (;;) {
        const full = this.#read > KEPT_BYTES;
        if (this.#cancelled || (full && this.#reader !== reader)) throw this.#used();
        // Never what an own pull brought: another reader, as that of a try before, may have waited too.
        const chunk = this.#kept[given - this.#gone];
        if (chunk) {
          given++;
          if (full) this.#forget(given);
          yield chunk;
        } else if (this.#ended) return;
        else await this.#pull();
      }
    } finally {
      // What can be read again stays open for that.
      if (this.#reader === reader && this.isSpent()) this.cancel();
    }
  }

  /** Keeps it open for a call; it is let go of when no call needs it any more. */
  hold(): () => void {
    this.#holders++;
    return () => {
      this.#holders--;
      if (this.#holders === 0) this.cancel();
    };
  }

  /** Lets go of the stream. */
  cancel(): void {
    if (this.#ended || this.#cancelled) return;
    this.#cancelled = true;
    this.#kept = [];
    letGo(this.#cancel);
  }

  /** Lets go of the chunks before one. */
  #forget(position: number): void {
    this.#kept.splice(0, position - this.#gone);
    this.#gone = position;
  }

  /** Has the stream bring its next chunk; all who ask meanwhile wait for the same one. */
  #pull(): Promise<void> {
    this.#pulling ??= this.#take().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #take(): Promise<void> {
    if (this.#broken) throw this.#broken;
    let value: unknown;
    try {
      const result = await this.#next();
      // It ended because it was told to.
      if (this.#cancelled) return;
      this.#ended = result.done === true;
      if (this.#ended) return;
      value = result.value;
    } catch (cause) {
      if (this.#cancelled) return;
      // What says its own code, as that a file is too large or that the caller stopped, stays as it is.
      if (cause instanceof VisionatrixError) throw (this.#broken = cause);
      this.#broken = new VisionatrixError(
        "source_broken",
        `${this.#what} broke after ${this.#read} bytes: ${cause instanceof Error ? cause.message : String(cause)}.`,
        { cause },
      );
      throw this.#broken;
    }
    const chunk = asBytes(value);
    if (!chunk) {
      this.#broken = new VisionatrixError(
        "source_broken",
        `${this.#what} gave a ${typeof value} where bytes (Uint8Array) were expected: for texts, pipe it through a TextEncoderStream, or leave out setEncoding().`,
      );
      throw this.#broken;
    }
    this.#read += chunk.byteLength;
    this.#kept.push(chunk);
  }

  #used(): VisionatrixError {
    return new VisionatrixError(
      "stream_used",
      `${this.#what} has been read, and a stream gives its bytes only once: call again with a new stream.`,
    );
  }
}

/** One source for each stream, so that a plan and the submit after it share what was read. */
const sources = new WeakMap<object, ByteSource>();

export function sourceOf(stream: object, what: string): ByteSource {
  let source = sources.get(stream);
  if (!source) {
    source = new ByteSource(stream, what);
    sources.set(stream, source);
  }
  return source;
}

/** What streams of all platforms, and answers, show of themselves. */
interface StreamFacts {
  body?: object | null;
  bodyUsed?: boolean;
  locked?: boolean;
  readable?: unknown;
  destroyed?: boolean;
  errored?: unknown;
}

/** Whether a stream, or the body of an answer, is or was read by somebody else. */
export function isUsed(value: object): boolean {
  const { body, locked, readable, destroyed, errored, bodyUsed } = value as StreamFacts;
  if (sources.has(value) || (body && sources.has(body))) return false;
  // That is no matter of who reads it: whoever does hears what broke it.
  if (errored) return false;
  return (
    bodyUsed === true ||
    locked === true ||
    destroyed === true ||
    readable === false ||
    isDisturbed(value)
  );
}

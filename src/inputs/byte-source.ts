/** Streams that can be read only once, as sources of a request that may have to be retried. */
import { asBytes, concat, letGo } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import { isDisturbed } from "./disturbed.js";

/** Bytes of a stream that are kept: requests that small can be retried. */
const KEPT_BYTES = 1024 * 1024;

/** A byte stream that can be peeked into, and read again as long as little of it was read. */
export class ByteSource {
  readonly #what: string;
  readonly #next: () => Promise<IteratorResult<unknown, unknown>>;
  readonly #cancel: () => unknown;
  /** Chunks that were read and are kept. */
  #kept: Uint8Array[] = [];
  /** Number of chunks dropped before those. */
  #gone = 0;
  /** In bytes. */
  #read = 0;
  #pulling: Promise<void> | undefined;
  /** The latest reader that began at the start; only it reads on once there is too much to keep. */
  #reader: object | undefined;
  /** Number of calls that hold it open. */
  #holders = 0;
  #ended = false;
  #cancelled = false;
  #broken: VisionatrixError | undefined;

  /** @param what the stream's name in errors, capitalised to begin a sentence */
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
      // An iterator ends only after its pending chunk, and a stalled stream brings none.
      this.#cancel = () => (destroy ? destroy.call(stream) : iterator.return?.());
    }
  }

  /** Whether bytes were dropped, so that it cannot be sent again. */
  isSpent(): boolean {
    return this.#gone > 0 || this.#cancelled;
  }

  /** The first bytes, at least `count` of them if the stream is that long. They stay in the stream. */
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
        // Always taken from the kept chunks: another reader, such as that of an earlier attempt, may have
        // waited for the same pull.
        const chunk = this.#kept[given - this.#gone];
        if (chunk) {
          given++;
          if (full) this.#forget(given);
          yield chunk;
        } else if (this.#ended) return;
        else await this.#pull();
      }
    } finally {
      // A stream that can still be read again stays open.
      if (this.#reader === reader && this.isSpent()) this.cancel();
    }
  }

  /** Holds the stream open for a call; it is released when no call holds it. */
  hold(): () => void {
    this.#holders++;
    return () => {
      this.#holders--;
      if (this.#holders === 0) this.cancel();
    };
  }

  /** Releases the stream. */
  cancel(): void {
    if (this.#ended || this.#cancelled) return;
    this.#cancelled = true;
    this.#kept = [];
    letGo(this.#cancel);
  }

  /** Drops the chunks before a position. */
  #forget(position: number): void {
    this.#kept.splice(0, position - this.#gone);
    this.#gone = position;
  }

  /** Pulls the next chunk from the stream; concurrent callers share one pull. */
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
      // It ended because it was cancelled.
      if (this.#cancelled) return;
      this.#ended = result.done === true;
      if (this.#ended) return;
      value = result.value;
    } catch (cause) {
      if (this.#cancelled) return;
      // An error with its own code, e.g. for a file that is too large or for an abort, is kept unchanged.
      if (cause instanceof VisionatrixError) throw (this.#broken = cause);
      this.#broken = new VisionatrixError(
        "source_broken",
        `${this.#what} failed after ${this.#read} bytes: ${cause instanceof Error ? cause.message : String(cause)}.`,
        { cause },
      );
      throw this.#broken;
    }
    const chunk = asBytes(value);
    if (!chunk) {
      this.#broken = new VisionatrixError(
        "source_broken",
        `${this.#what} yielded a ${typeof value} instead of bytes (Uint8Array): for text, pipe it through a TextEncoderStream, or leave out setEncoding().`,
      );
      throw this.#broken;
    }
    this.#read += chunk.byteLength;
    this.#kept.push(chunk);
  }

  #used(): VisionatrixError {
    return new VisionatrixError(
      "stream_used",
      `${this.#what} was already read, and a stream can be read only once: call again with a new stream.`,
    );
  }
}

/** One source for each stream, so that a plan and the submit after it share the bytes read. */
const sources = new WeakMap<object, ByteSource>();

export function sourceOf(stream: object, what: string): ByteSource {
  let source = sources.get(stream);
  if (!source) {
    source = new ByteSource(stream, what);
    sources.set(stream, source);
  }
  return source;
}

/** State that streams of all platforms, and responses, expose. */
interface StreamFacts {
  body?: object | null;
  bodyUsed?: boolean;
  locked?: boolean;
  readable?: unknown;
  destroyed?: boolean;
  errored?: unknown;
}

/** Whether a stream, or the body of a response, is being or was read by other code. */
export function isUsed(value: object): boolean {
  const { body, locked, readable, destroyed, errored, bodyUsed } = value as StreamFacts;
  if (sources.has(value) || (body && sources.has(body))) return false;
  // An errored stream is not in use: whoever reads it gets its error.
  if (errored) return false;
  return (
    bodyUsed === true ||
    locked === true ||
    destroyed === true ||
    readable === false ||
    isDisturbed(value)
  );
}

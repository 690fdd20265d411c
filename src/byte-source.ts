/** Streams that can be read once, as sources of a request that may have to be sent again. */
import { VisionatrixError } from "./errors.js";

/** So much of a stream is kept, in bytes: requests that small can be sent again. */
const KEPT_BYTES = 1024 * 1024;

/** A stream of bytes that can be looked into, and read again as long as little of it was read. */
export class ByteSource {
  readonly #what: string;
  readonly #next: () => Promise<IteratorResult<unknown, unknown>>;
  readonly #cancel: () => unknown;
  #kept: Uint8Array[] = [];
  #read = 0;
  #ended = false;
  #broken: VisionatrixError | undefined;

  /** @param what the stream's name in errors */
  constructor(stream: object, what: string) {
    this.#what = what;
    if ("getReader" in stream) {
      const reader = (stream as ReadableStream<unknown>).getReader();
      this.#next = () => reader.read();
      this.#cancel = () => reader.cancel();
    } else {
      const iterator = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      this.#next = () => iterator.next();
      this.#cancel = () => iterator.return?.();
    }
  }

  /** Whether bytes are gone, so that it cannot be sent again. */
  isSpent(): boolean {
    return this.#read > KEPT_BYTES;
  }

  /** The first bytes, at least `count` of them if there are so many. They stay in the stream. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#read < count && !this.#ended) await this.#pull();
    return concat(this.#kept);
  }

  /** All bytes, from the start. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    if (this.isSpent())
      throw new VisionatrixError(
        "stream_used",
        `The bytes of ${this.#what} have been read, and a stream gives them only once: call again with a new stream.`,
      );
    let given = 0;
    try {
      for (;;) {
        const kept = this.#kept[given];
        if (kept) {
          given++;
          yield kept;
          continue;
        }
        const fresh = this.#ended ? undefined : await this.#pull();
        if (!fresh) break;
        given = this.#kept.length;
        yield fresh;
      }
    } finally {
      // What can be read again stays open for that.
      if (this.isSpent()) await this.cancel();
    }
  }

  /** Lets go of the stream. */
  async cancel(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    try {
      await this.#cancel();
    } catch {
      // It is not needed any more.
    }
  }

  async #pull(): Promise<Uint8Array | undefined> {
    if (this.#broken) throw this.#broken;
    let value: unknown;
    try {
      const result = await this.#next();
      this.#ended = result.done === true;
      if (this.#ended) return undefined;
      value = result.value;
    } catch (cause) {
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
    if (this.isSpent()) this.#kept = [];
    else this.#kept.push(chunk);
    return chunk;
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

/** Whether bytes can be read from it piece by piece: a web stream, or a Node one. */
export function isStream(
  value: object,
): value is ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in value || "getReader" in value;
}

/** What streams of all platforms, and answers, show of themselves. */
interface StreamFacts {
  body?: object | null;
  bodyUsed?: boolean;
  locked?: boolean;
  readable?: unknown;
  destroyed?: boolean;
}

/** Whether a stream, or the body of an answer, is read by somebody else. */
export function isTaken(value: object): boolean {
  const { body, locked, readable, destroyed, bodyUsed } = value as StreamFacts;
  if (sources.has(value) || (body && sources.has(body))) return false;
  return bodyUsed === true || locked === true || destroyed === true || readable === false;
}

/**
 * A stream that reads a generator only as fast as it is read itself.
 * @param stop ends what the generator waits for, when the stream is cancelled
 */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array>,
  stop?: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
      },
      async cancel() {
        stop?.();
        await chunks.return(undefined);
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}

function asBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value))
    // A Node `Buffer` becomes a plain array, which every platform's `fetch` takes.
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Streams of bytes, of whatever implementation: what behaves like one is one. */
import type { Bytes } from "./bytes.js";

/** A stream that can be read piece by piece: a web stream, or one of Node's. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Whether bytes can be read from it piece by piece. */
export function isStream(value: unknown): value is ByteStream {
  return (
    typeof value === "object" &&
    value !== null &&
    (typeof (value as AsyncIterable<unknown>)[Symbol.asyncIterator] === "function" ||
      typeof (value as ReadableStream).getReader === "function")
  );
}

/**
 * Tells the other side that no more is wanted. Nobody waits for it: a clean-up may hang in somebody
 * else's hands, as that of a body of which a forgotten clone is not read. It comes after all that hear of
 * the same abort: a clone that is cancelled before its `fetch` is aborted leaves a rejection in Node that
 * nobody can handle.
 */
export function letGo(end: () => unknown): void {
  void Promise.resolve()
    .then(end)
    .catch(() => undefined);
}

/** Ends a body that nobody reads. */
export function discard(body: unknown): void {
  if (typeof body !== "object" || body === null) return;
  const { cancel, destroy } = body as { cancel?: () => unknown; destroy?: () => unknown };
  if (typeof cancel === "function") letGo(() => cancel.call(body));
  else if (typeof destroy === "function") letGo(() => destroy.call(body));
}

/**
 * A stream that reads a generator only as fast as it is read itself.
 * @param stop ends what the generator waits for, when the stream is cancelled
 */
export function streamOf(
  chunks: AsyncGenerator<Uint8Array>,
  stop?: () => void,
): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value as Bytes);
      },
      cancel() {
        stop?.();
        letGo(() => chunks.return(undefined));
      },
    },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}

/** A piece of a stream as plain bytes; undefined where it is none. */
export function asBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value))
    // A Node `Buffer` becomes a plain array, which every platform's `fetch` takes.
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isArrayBuffer(value) ? new Uint8Array(value) : undefined;
}

/** Whether it is an `ArrayBuffer`, also one of another realm. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

export function concat(chunks: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

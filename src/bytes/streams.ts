/** Byte streams of any implementation, recognised by what they can do. */
import type { Bytes } from "./bytes.js";

/** A stream that can be read chunk by chunk: a web stream, or a Node stream. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Whether bytes can be read from it chunk by chunk. */
export function isStream(value: unknown): value is ByteStream {
  return (
    typeof value === "object" &&
    value !== null &&
    (typeof (value as AsyncIterable<unknown>)[Symbol.asyncIterator] === "function" ||
      typeof (value as ReadableStream).getReader === "function")
  );
}

/**
 * Tells the source that no more is wanted, without waiting for it: clean-up may hang in foreign code, such as
 * that of a body with an unread clone. Call it after everything that reacts to the same abort: cancelling a
 * clone before its `fetch` is aborted leaves an unhandled rejection in Node that no code can catch.
 */
export function letGo(end: () => unknown): void {
  void Promise.resolve()
    .then(end)
    .catch(() => undefined);
}

/** Cancels a body that nothing reads. */
export function discard(body: unknown): void {
  if (typeof body !== "object" || body === null) return;
  const { cancel, destroy } = body as { cancel?: () => unknown; destroy?: () => unknown };
  if (typeof cancel === "function") letGo(() => cancel.call(body));
  else if (typeof destroy === "function") letGo(() => destroy.call(body));
}

/**
 * A stream that pulls from a generator only as fast as it is read.
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
    // Read nothing before it is requested.
    { highWaterMark: 0 },
  );
}

/** A chunk of a stream as plain bytes; undefined if it is not bytes. */
export function asBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value))
    // A Node `Buffer` becomes a plain array, which every platform's `fetch` takes.
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isArrayBuffer(value) ? new Uint8Array(value) : undefined;
}

/** Whether it is an `ArrayBuffer`, including one from another realm. */
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

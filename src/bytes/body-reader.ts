/** Reads bodies piece by piece such that a signal always ends it. */
import { onAbort, unlessAborted } from "../time/stop.js";
import { asBytes, discard, letGo, type ByteStream } from "./streams.js";

export interface BodyReader {
  /** The next piece; undefined at the end. Rejects with the signal's reason once that is aborted. */
  read(): Promise<Uint8Array | undefined>;
  /** Lets go of the connection; takes no time. */
  cancel(): void;
}

/**
 * A reader that a signal ends, also while nothing comes. The signal of the request does not do: Node
 * forgets it when memory is collected (nodejs/node#55428), and a silent body is then waited for for ever.
 */
export function bodyReader(body: ByteStream, signal: AbortSignal): BodyReader {
  const { next, end } = openBody(body);
  const cancel = (): void => {
    release();
    letGo(end);
  };
  const release = onAbort(signal, () => letGo(end));
  return {
    read: async () => {
      const { done, value } = await unlessAborted(next(), signal);
      // A reader that was cancelled ends as if all had come.
      if (signal.aborted) throw signal.reason;
      if (done) return undefined;
      const piece = asBytes(value);
      if (!piece) throw new TypeError(`a body gave a ${typeof value} where bytes were expected`);
      return piece;
    },
    cancel,
  };
}

function openBody(body: ByteStream): {
  next: () => Promise<IteratorResult<unknown, unknown> | { done: boolean; value?: unknown }>;
  end: () => unknown;
} {
  if ("getReader" in body) {
    const reader = body.getReader();
    return { next: () => reader.read(), end: () => reader.cancel() };
  }
  const iterator = body[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    // An iterator ends only after the piece that it waits for, and a stalled body brings none.
    end: () => {
      discard(body);
      return iterator.return?.();
    },
  };
}

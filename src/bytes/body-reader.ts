/** Reads bodies chunk by chunk such that a signal always ends the read. */
import { onAbort, unlessAborted } from "../time/stop.js";
import { asBytes, discard, letGo, type ByteStream } from "./streams.js";

export interface BodyReader {
  /** The next chunk; undefined at the end. Rejects with the signal's reason once it is aborted. */
  read(): Promise<Uint8Array | undefined>;
  /** Releases the connection without waiting. */
  cancel(): void;
}

/**
 * A reader that a signal ends even while no bytes arrive. The request's own signal is not enough: Node
 * forgets it when memory is collected (nodejs/node#55428), and a read of a silent body then never ends.
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
      // A cancelled reader ends as if the body were complete.
      if (signal.aborted) throw signal.reason;
      if (done) return undefined;
      const piece = asBytes(value);
      if (!piece) throw new TypeError(`a body contained a ${typeof value} instead of bytes`);
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
    // An iterator ends only after its pending chunk, and a stalled body brings none.
    end: () => {
      discard(body);
      return iterator.return?.();
    },
  };
}

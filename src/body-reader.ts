/** Reads the bodies of answers such that a signal always ends it. */
import { onAbort } from "./stop.js";

export interface BodyReader {
  /** The next piece; undefined at the end. Rejects with the signal's reason once that is aborted. */
  read(): Promise<Uint8Array | undefined>;
  /** Lets go of the connection. */
  cancel(): Promise<void>;
}

/**
 * A reader that a signal ends, also while nothing comes. The signal of the request does not do: Node
 * forgets it when memory is collected (nodejs/node#55428), and a silent body is then waited for for ever.
 */
export function bodyReader(body: ReadableStream<Uint8Array>, signal: AbortSignal): BodyReader {
  const reader = body.getReader();
  const cancel = async (): Promise<void> => {
    release();
    await reader.cancel().catch(() => undefined);
  };
  const release = onAbort(signal, () => void reader.cancel().catch(() => undefined));
  return {
    read: async () => {
      const { value } = await reader.read();
      // A reader that was cancelled ends as if all had come.
      if (signal.aborted) throw signal.reason;
      return value;
    },
    cancel,
  };
}

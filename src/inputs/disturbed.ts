/** Detects "disturbed" streams, as the Streams standard calls a stream that was read from. */

/** Whether part of a stream was already read, even by a reader that was released since. */
export function isDisturbed(stream: object): boolean {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const node = process?.getBuiltinModule?.("node:stream") as NodeStreams | undefined;
  // Not a boolean when the stream is neither Node's nor the platform's.
  if (node) return node.Readable.isDisturbed(stream) === true;
  if (!(stream instanceof ReadableStream)) return false;
  try {
    // Throws for a disturbed stream; otherwise the stream stays untouched until it is read.
    new Response(stream);
    return false;
  } catch {
    return true;
  }
}

interface NodeStreams {
  Readable: { isDisturbed(stream: object): unknown };
}

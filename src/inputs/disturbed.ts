/** Streams that are "disturbed", as the Streams standard calls those of which something was read. */

/** Whether some of a stream was read already, also by a reader that was released since. */
export function isDisturbed(stream: object): boolean {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const node = process?.getBuiltinModule?.("node:stream") as NodeStreams | undefined;
  // Not a boolean for what is no stream of Node's or of the platform's.
  if (node) return node.Readable.isDisturbed(stream) === true;
  if (!(stream instanceof ReadableStream)) return false;
  try {
    // Refuses such a body; of any other it takes no hold before somebody reads it.
    new Response(stream);
    return false;
  } catch {
    return true;
  }
}

interface NodeStreams {
  Readable: { isDisturbed(stream: object): unknown };
}

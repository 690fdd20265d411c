/** What a result file is called, from what the server said and the file's first bytes. */
import { extensionFor, extensionForKind, extensionOf, mediaTypeFor, sniff } from "./media.js";

/**
 * The name of a result. The server's own is taken only in the form that the server writes, digits and
 * ASCII letters, which is safe on every platform; it cannot be read across origins.
 */
export function resultName(file: {
  taskId: number;
  nodeId: number;
  index: number;
  kind: string;
  headers: Headers;
  head: Uint8Array;
}): string {
  const { taskId, nodeId, index, kind, headers, head } = file;
  const sent =
    /filename="?(\d+_[\w-]{1,80}\.\w{1,8})"?\s*(;|$)/.exec(
      headers.get("content-disposition") ?? "",
    )?.[1] ?? "";
  const named = extensionOf(sent);
  const proven = sniff(head);
  const mediaType = headers.get("content-type") ?? "";
  const extension =
    // Keeps `jpeg` where the bytes say `jpg`.
    named && (!proven || mediaTypeFor(named) === mediaTypeFor(proven))
      ? named
      : proven ||
        // The server guesses the type from its machine's tables, so it must at least fit the kind.
        (mediaType.startsWith(kind.split("-")[0] as string) && extensionFor(mediaType)) ||
        extensionForKind(kind);
  const stem = sent ? sent.slice(0, -named.length - 1) : `${taskId}_${nodeId}_${index}`;
  return `${stem}.${extension}`;
}

/** The name of a result file, from its response headers and first bytes. Pure. */
import {
  extensionFor,
  extensionForKind,
  extensionOf,
  mediaTypeFor,
  sniff,
} from "../bytes/media.js";

/**
 * Groups of extensions whose files begin alike. The first bytes identify the group; the server's name picks
 * the extension within it.
 */
const SIBLINGS = [
  "jpg jpeg",
  "avif heic heif hif",
  "mp4 mov m4v f4v 3gp 3g2",
  "tiff tif raw",
  "avi divx xvid",
].map((row) => row.split(" "));

/**
 * The name of a result. The server's own name is used only in the form that servers write, digits and ASCII
 * letters, which is safe on every platform. Pages of another origin cannot read it and get a name made here.
 */
export function resultName(file: {
  taskId: number;
  nodeId: number;
  index: number;
  kind: string;
  headers: Pick<Headers, "get">;
  head: Uint8Array;
}): string {
  const { taskId, nodeId, index, kind, headers, head } = file;
  const sent =
    /filename="?(\d+_[\w-]{1,80}\.\w{1,8})"?\s*(;|$)/.exec(
      headers.get("content-disposition") ?? "",
    )?.[1] ?? "";
  const named = extensionOf(sent);
  const sniffed = sniffedFor(kind, head);
  const typed = extensionFor(headers.get("content-type") ?? "");
  const extension =
    named && (!sniffed || areSiblings(named.toLowerCase(), sniffed))
      ? named
      : sniffed ||
        // The server guesses the media type from its machine's tables, so the type must at least fit the
        // kind.
        (fits(typed, kind) && typed) ||
        extensionForKind(kind);
  const stem = sent.split(".")[0] || `${taskId}_${nodeId}_${index}`;
  return `${stem}.${extension}`;
}

/**
 * The extension that the first bytes suggest; empty when they fit another kind, since a text may begin with
 * any bytes.
 */
function sniffedFor(kind: string, head: Uint8Array): string {
  const sniffed = sniff(head);
  const isUnknown = extensionForKind(kind) === "bin";
  return isUnknown || fits(sniffed, kind) ? sniffed : "";
}

/** Whether an output of this kind can have this extension. */
function fits(extension: string, kind: string): boolean {
  const [group = ""] = kind === "3d-model" ? ["model"] : kind.split("-");
  return mediaTypeFor(extension).startsWith(`${group}/`);
}

function areSiblings(one: string, other: string): boolean {
  return one === other || SIBLINGS.some((row) => row.includes(one) && row.includes(other));
}

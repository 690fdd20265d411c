/** What a result file is called, from what the server said and the file's first bytes. */
import {
  extensionFor,
  extensionForKind,
  extensionOf,
  mediaTypeFor,
  sniff,
} from "../bytes/media.js";

/**
 * Extensions of formats that begin alike. The bytes prove one of a row, and the server's name says
 * which; a file by another of the row's names opens as well.
 */
const SIBLINGS = [
  "jpg jpeg",
  "avif heic heif hif",
  "mp4 mov m4v f4v 3gp 3g2",
  "tiff tif raw",
  "avi divx xvid",
].map((row) => row.split(" "));

/**
 * The name of a result. The server's own is taken only in the form that the server writes, digits and
 * ASCII letters, which is safe on every platform; it cannot be read across origins.
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
  const proven = provenFor(kind, head);
  const told = extensionFor(headers.get("content-type") ?? "");
  const extension =
    named && (!proven || areSiblings(named.toLowerCase(), proven))
      ? named
      : proven ||
        // The server guesses the type from its machine's tables, so it must at least fit the kind.
        (fits(told, kind) && told) ||
        extensionForKind(kind);
  const stem = sent.split(".")[0] || `${taskId}_${nodeId}_${index}`;
  return `${stem}.${extension}`;
}

/** What the bytes prove of an output of this kind; a text may begin like anything. */
function provenFor(kind: string, head: Uint8Array): string {
  const proven = sniff(head);
  const isUnknown = extensionForKind(kind) === "bin";
  return isUnknown || fits(proven, kind) ? proven : "";
}

/** Whether outputs of a kind have this extension. */
function fits(extension: string, kind: string): boolean {
  const [group = ""] = kind === "3d-model" ? ["model"] : kind.split("-");
  return mediaTypeFor(extension).startsWith(`${group}/`);
}

function areSiblings(one: string, other: string): boolean {
  return one === other || SIBLINGS.some((row) => row.includes(one) && row.includes(other));
}

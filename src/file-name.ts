/** Names of files that come from a server: made safe, and with the extension that fits the bytes. */
import { extensionFor, extensionForKind, extensionOf, mediaTypeFor, sniff } from "./media.js";

/** Longest name in UTF-8 bytes that every common file system takes, with room for a suffix. */
const MAX_NAME_BYTES = 200;

/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

/** The name of a result, from what the server said and the file's first bytes. */
export function resultName(file: {
  taskId: number;
  nodeId: number;
  index: number;
  kind: string;
  headers: Headers;
  head: Uint8Array;
}): string {
  const { taskId, nodeId, index, kind, headers, head } = file;
  // Other origins cannot read this header in a browser.
  const sent = dispositionName(headers.get("content-disposition") ?? "");
  const named = extensionOf(sent);
  const proven = sniff(head);
  const extension =
    // Keeps `jpeg` where the bytes say `jpg`.
    named && (!proven || mediaTypeFor(named) === mediaTypeFor(proven))
      ? named
      : proven || headerExtension(headers, kind) || extensionForKind(kind);
  const stem = sent
    ? sent.slice(0, named ? -named.length - 1 : undefined)
    : `${taskId}_${nodeId}_${index}`;
  return safeName(`${stem}.${extension}`);
}

/** The server guesses the header's type from its machine's tables, so it must at least fit the kind. */
function headerExtension(headers: Headers, kind: string): string {
  const mediaType = headers.get("content-type") ?? "";
  return mediaType.startsWith(kind.split("-")[0] as string) ? extensionFor(mediaType) : "";
}

function dispositionName(header: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  if (encoded)
    try {
      return decodeURIComponent(encoded);
    } catch {
      // Not what it says it is: the plain name follows.
    }
  const [, quoted, bare] = /filename="((?:[^"\\]|\\.)*)"|filename=([^;]+)/i.exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, "$1") ?? bare?.trim() ?? "";
}

/** One path component that means itself on every platform; never empty, `.` or `..`. */
export function safeName(name: string): string {
  const clean = name
    .replace(/^.*[/\\]/s, "")
    // Control and format characters, lone surrogates, and what Windows forbids.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, "_")
    .replace(/^\s+|[\s.]+$/g, "");
  const safe =
    RESERVED.test(clean) || /^\.*$/.test(clean) ? `_${clean.replace(/^\.+/, "")}` : clean;
  const extension = extensionOf(safe);
  return cut(safe, extension ? `.${extension}` : "");
}

function cut(name: string, suffix: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(name).length <= MAX_NAME_BYTES) return name;
  let stem = "";
  let bytes = suffix.length;
  for (const char of name.slice(0, name.length - suffix.length)) {
    bytes += encoder.encode(char).length;
    if (bytes > MAX_NAME_BYTES) break;
    stem += char;
  }
  return stem + suffix;
}

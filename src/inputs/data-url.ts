/** Data URLs as bytes. Pure. */
import type { Bytes } from "../bytes/bytes.js";

/** A decoded data URL. */
export interface DataUrl {
  /** Media type, or an empty string. */
  readonly type: string;
  readonly bytes: Bytes;
}

/** @throws what `atob` or `decodeURIComponent` throws for an invalid payload */
export function fromDataUrl(url: string): DataUrl {
  const comma = url.indexOf(",");
  const [type = ""] = url.slice("data:".length, comma).split(";");
  const payload = url.slice(comma + 1);
  const bytes = /;\s*base64\s*$/i.test(url.slice(0, comma))
    ? Uint8Array.from(atob(decodeURIComponent(payload)), (char) => char.charCodeAt(0))
    : fromPercent(payload);
  return { type, bytes };
}

/** Whether the payload of a data URL can be decoded. */
export function isDecodable(url: string): boolean {
  try {
    fromDataUrl(url);
    return true;
  } catch {
    return false;
  }
}

/** Percent escapes encode bytes, which need not be UTF-8. */
function fromPercent(text: string): Bytes {
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const hex = bytes[at] === 0x25 && String.fromCharCode(...bytes.subarray(at + 1, at + 3));
    const escaped = hex && /^[\da-f]{2}$/i.test(hex);
    bytes[length++] = escaped ? parseInt(hex, 16) : (bytes[at] as number);
    if (escaped) at += 2;
  }
  return bytes.slice(0, length);
}

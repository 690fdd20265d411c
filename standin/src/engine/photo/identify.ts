/** Identifies a picture by its first bytes, as the engine's image loader does before decoding. */
import type { Size } from "../draw/canvas.js";

/** For formats whose size is not read, and for files that are cut off before their size. */
const UNKNOWN_SIZE: Size = { width: 512, height: 512 };

/** Enough bytes for {@link identify}, except for a JPEG with a very large preview. */
export const HEAD_BYTES = 64 * 1024;

/** The size in the frame header of a JPEG. */
function jpegSize(bytes: Buffer): Size {
  for (let at = 2; at + 9 < bytes.length;) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return UNKNOWN_SIZE;
}

/** The size of a picture, complete or cut off; undefined if this is no picture. */
export function identify(bytes: Buffer): Size | undefined {
  const text = bytes.toString("latin1", 0, 16);
  if (text.startsWith("\x89PNG\r\n\x1a\n")) {
    if (bytes.length < 24) return undefined;
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (text.startsWith("\xff\xd8\xff")) return jpegSize(bytes);
  if (/^GIF8[79]a/.test(text) && bytes.length >= 10) {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  if (/^RIFF[^]{4}WEBP/.test(text) || /^(?:BM|II\*\0|MM\0\*)/.test(text)) return UNKNOWN_SIZE;
  return undefined;
}

/** Uploaded pictures, decoded. */
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import type { Picture } from "../picture.js";

/** The text that the engine's image loader fails with. */
function unreadable(name: string): Error {
  return new Error(`cannot identify image file '${name}'`);
}

const MAX_PIXELS = 64_000_000;

function isOpaque(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

function decode(bytes: Buffer): { width: number; height: number; data: Uint8Array } | undefined {
  if (bytes.subarray(0, 4).toString("latin1") === "\x89PNG") {
    const size = bytes.length >= 24 ? bytes.readUInt32BE(16) * bytes.readUInt32BE(20) : 0;
    if (size > MAX_PIXELS) throw new Error("the picture is too large");
    return PNG.sync.read(bytes);
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    return jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: MAX_PIXELS / 1e6 });
  }
  return undefined;
}

/** @throws Error in the engine's words if the bytes are not a PNG or JPEG that can be read */
export function decodePicture(bytes: Buffer, name: string): Picture {
  let decoded;
  try {
    decoded = decode(bytes);
  } catch {
    throw unreadable(name);
  }
  if (decoded === undefined || decoded.width * decoded.height === 0) throw unreadable(name);
  const data = new Uint8ClampedArray(
    decoded.data.buffer,
    decoded.data.byteOffset,
    decoded.data.length,
  );
  return { width: decoded.width, height: decoded.height, data, opaque: isOpaque(decoded.data) };
}

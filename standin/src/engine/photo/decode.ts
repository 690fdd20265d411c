/** Uploaded pictures, decoded. */
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import type { Size } from "../draw/canvas.js";
import type { Picture } from "../picture.js";
import { identify } from "./identify.js";

/** The real engine's input folder; its errors contain full paths. */
const INPUT_FOLDER = "/srv/visionatrix/input";

/** The engine's error text for a missing input file. */
export function absent(name: string): Error {
  return new Error(`[Errno 2] No such file or directory: '${INPUT_FOLDER}/${name}'\n`);
}

/** The error of the engine's image loader, with its line break. */
export function unreadable(name: string): Error {
  return new Error(`cannot identify image file '${INPUT_FOLDER}/${name}'\n`);
}

const MAX_PIXELS = 64_000_000;

function isOpaque(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

interface Decoded extends Size {
  readonly data: Uint8Array;
}

function decode(bytes: Buffer): Decoded | undefined {
  if (bytes[0] === 0x89) return PNG.sync.read(bytes);
  if (bytes[0] !== 0xff) return undefined;
  return jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: MAX_PIXELS / 1e6 });
}

/** A blank picture of this size, for pictures that are cut off, damaged or in an unsupported format. */
function blank({ width, height }: Size): Decoded {
  return { width, height, data: new Uint8Array(width * height * 4).fill(255) };
}

function decodeOrBlank(bytes: Buffer, size: Size): Decoded {
  try {
    return decode(bytes) ?? blank(size);
  } catch {
    return blank(size);
  }
}

/** @throws Error in the engine's words if the bytes are no picture */
export function decodePicture(bytes: Buffer, name: string): Picture {
  const size = identify(bytes);
  if (size === undefined) throw unreadable(name);
  const pixels = size.width * size.height;
  if (pixels === 0 || pixels > MAX_PIXELS) throw unreadable(name);
  const { width, height, data: decoded } = decodeOrBlank(bytes, size);
  const data = new Uint8ClampedArray(decoded.buffer, decoded.byteOffset, decoded.length);
  return { width, height, data, opaque: isOpaque(decoded) };
}

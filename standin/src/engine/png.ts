/** PNG files. */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { PNG } from "pngjs";
import type { Picture } from "./picture.js";

const RGB = 2;
const RGBA = 6;
/** This filter alone keeps both drawings and photographs small; trying all five takes twice the time. */
const PAETH = 4;
/** Signature and header, after which other chunks may follow. */
const HEAD_LENGTH = 33;

const credit = Buffer.from(
  "tEXtSoftware\0visionatrix-standin (made by a program, no AI)",
  "latin1",
);
/** A text chunk that names the source of the picture; pngjs cannot write text chunks. */
const CREDIT = Buffer.alloc(credit.length + 8);
CREDIT.writeUInt32BE(credit.length - 4);
CREDIT.set(credit, 4);
CREDIT.writeUInt32BE(crc32(credit), credit.length + 4);

/** Encodes a picture, always to the same bytes. Compression runs in the background. */
export async function encodePng({ width, height, data, opaque }: Picture): Promise<Buffer> {
  const png = new PNG({ colorType: opaque ? RGB : RGBA, filterType: PAETH });
  Object.assign(png, {
    width,
    height,
    data: Buffer.from(data.buffer, data.byteOffset, data.length),
  });
  // pngjs has old-style streams, which are not async iterable.
  const bytes = await buffer(new Readable().wrap(png.pack()));
  return Buffer.concat([bytes.subarray(0, HEAD_LENGTH), CREDIT, bytes.subarray(HEAD_LENGTH)]);
}

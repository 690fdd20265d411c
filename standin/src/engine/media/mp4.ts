/** MP4 films: H.264 with uncompressed pixels; files are small because the camera only pans. */
import type { Picture } from "../picture.js";
import { BitWriter } from "./bits.js";

export interface Film {
  /** Wider than the film's frame; the camera moves over it from left to right. */
  readonly picture: Picture;
  /** Both divisible by 16. */
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Pixels per frame, even, up to 16. */
  readonly pan: number;
}

const BLOCK = 16;
const IDR = 5;
const NON_IDR = 1;
const RAW_IN_INTRA_SLICE = 25;
const RAW_IN_INTER_SLICE = 5 + RAW_IN_INTRA_SLICE;
const FRAME_NUMBER_BITS = 8;

interface Planes {
  readonly width: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

/** BT.601 in its limited range, colour at half the resolution. */
function toPlanes({ width, height, data }: Picture): Planes {
  const y = new Uint8Array(width * height);
  const half = width >> 1;
  const u = new Uint8Array(half * (height >> 1));
  const v = new Uint8Array(half * (height >> 1));
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const p = (row * width + column) * 4;
      const r = data[p] ?? 0;
      const g = data[p + 1] ?? 0;
      const b = data[p + 2] ?? 0;
      y[row * width + column] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
      if (row % 2 !== 0 || column % 2 !== 0) continue;
      const q = (row >> 1) * half + (column >> 1);
      u[q] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      v[q] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
  return { width, y, u, v };
}

function writeRawBlock(out: BitWriter, planes: Planes, left: number, top: number): void {
  out.align();
  const bytes = new Uint8Array(384);
  let at = 0;
  for (let row = 0; row < BLOCK; row += 1) {
    const from = (top + row) * planes.width + left;
    bytes.set(planes.y.subarray(from, from + BLOCK), at);
    at += BLOCK;
  }
  for (const plane of [planes.u, planes.v]) {
    for (let row = 0; row < BLOCK / 2; row += 1) {
      const from = ((top >> 1) + row) * (planes.width >> 1) + (left >> 1);
      bytes.set(plane.subarray(from, from + BLOCK / 2), at);
      at += BLOCK / 2;
    }
  }
  out.raw(bytes);
}

function finish(out: BitWriter): Buffer {
  out.bits(1, 1);
  out.align();
  return out.done();
}

/** A NAL unit with its length before it, and with emulation prevention bytes. */
function nalUnit(type: number, payload: Buffer): Buffer {
  const out: number[] = [0x60 | type];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.from(out);
}

function sequenceParameters(film: Film): Buffer {
  const out = new BitWriter();
  out.bits(66, 8);
  out.bits(0xc0, 8);
  out.bits(31, 8);
  out.golomb(0);
  out.golomb(FRAME_NUMBER_BITS - 4);
  out.golomb(2);
  out.golomb(1);
  out.bits(0, 1);
  out.golomb(film.width / BLOCK - 1);
  out.golomb(film.height / BLOCK - 1);
  // Whole frames, direct 8x8 inference, no cropping, no VUI.
  out.bits(0b1100, 4);
  return nalUnit(7, finish(out));
}

function pictureParameters(): Buffer {
  const out = new BitWriter();
  out.golomb(0);
  out.golomb(0);
  out.bits(0, 2);
  out.golomb(0);
  out.golomb(0);
  out.golomb(0);
  out.bits(0, 3);
  out.signedGolomb(0);
  out.signedGolomb(0);
  out.signedGolomb(0);
  // The deblocking filter can be switched off per slice.
  out.bits(0b100, 3);
  return nalUnit(8, finish(out));
}

function frameOf(film: Film, planes: Planes, index: number): Buffer {
  const out = new BitWriter();
  const first = index === 0;
  out.golomb(0);
  out.golomb(first ? 7 : 5);
  out.golomb(0);
  out.bits(index % 2 ** FRAME_NUMBER_BITS, FRAME_NUMBER_BITS);
  if (first) {
    out.golomb(0);
    out.bits(0, 2);
  } else {
    out.bits(0, 3);
  }
  out.signedGolomb(0);
  out.golomb(1);
  const columns = film.width / BLOCK;
  const rows = film.height / BLOCK;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!first) out.golomb(0);
      if (first || column === columns - 1) {
        out.golomb(first ? RAW_IN_INTRA_SLICE : RAW_IN_INTER_SLICE);
        writeRawBlock(out, planes, index * film.pan + column * BLOCK, row * BLOCK);
        continue;
      }
      // A copy of the last frame, moved. All blocks use the same vector, so only the first block contains it.
      const quarters = row === 0 && column === 0 ? film.pan * 4 : 0;
      out.golomb(0);
      out.signedGolomb(quarters);
      out.signedGolomb(0);
      out.golomb(0);
    }
  }
  return nalUnit(first ? IDR : NON_IDR, finish(out));
}

function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
}

function words(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => out.writeUInt32BE(value >>> 0, index * 4));
  return out;
}

function halves(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => out.writeUInt16BE(value, index * 2));
  return out;
}

const text = (value: string): Buffer => Buffer.from(value, "latin1");
const MATRIX = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const TICKS = 600;

function sampleTable(
  film: Film,
  sizes: readonly number[],
  offset: number,
  sps: Buffer,
  pps: Buffer,
): Buffer {
  const avcC = box(
    "avcC",
    Buffer.from([1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1]),
    halves(sps.length),
    sps,
    Buffer.from([1]),
    halves(pps.length),
    pps,
  );
  const entry = box(
    "avc1",
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]),
    Buffer.alloc(16),
    halves(film.width, film.height),
    words(0x480000, 0x480000, 0),
    halves(1),
    Buffer.alloc(32),
    halves(24, 0xffff),
    avcC,
  );
  return box(
    "stbl",
    box("stsd", words(0, 1), entry),
    box("stts", words(0, 1, sizes.length, TICKS / film.framesPerSecond)),
    box("stss", words(0, 1, 1)),
    box("stsc", words(0, 1, 1, sizes.length, 1)),
    box("stsz", words(0, 0, sizes.length, ...sizes)),
    box("stco", words(0, 1, offset)),
  );
}

function movie(film: Film, table: Buffer): Buffer {
  const duration = (film.frames * TICKS) / film.framesPerSecond;
  const media = box(
    "mdia",
    box("mdhd", words(0, 0, 0, TICKS, duration), halves(0x55c4, 0)),
    box("hdlr", words(0, 0), text("vide"), words(0, 0, 0), text("video\0")),
    box(
      "minf",
      box("vmhd", words(1, 0, 0)),
      box("dinf", box("dref", words(0, 1), box("url ", words(1)))),
      table,
    ),
  );
  return box(
    "moov",
    box(
      "mvhd",
      words(0, 0, 0, TICKS, duration, 0x10000, 0x01000000, 0, 0),
      MATRIX,
      words(0, 0, 0, 0, 0, 0, 2),
    ),
    box(
      "trak",
      box(
        "tkhd",
        words(3, 0, 0, 1, 0, duration, 0, 0, 0, 0),
        MATRIX,
        words(film.width * 65536, film.height * 65536),
      ),
      media,
    ),
  );
}

/** The film as an MP4 file that can be played while it downloads. */
export function encodeMp4(film: Film): Buffer {
  const planes = toPlanes(film.picture);
  const samples = Array.from({ length: film.frames }, (_, index) => {
    const unit = frameOf(film, planes, index);
    return Buffer.concat([words(unit.length), unit]);
  });
  const sizes = samples.map((sample) => sample.length);
  const type = box("ftyp", text("isom"), words(0x200), text("isomiso2avc1mp41"));
  const build = (offset: number): Buffer =>
    movie(film, sampleTable(film, sizes, offset, sequenceParameters(film), pictureParameters()));
  // The index contains the offset of the frames, which depends on the index's own length.
  const offset = type.length + build(0).length + 8;
  return Buffer.concat([type, build(offset), box("mdat", ...samples)]);
}

/** Animated WebP files, lossless. */
import type { Picture } from "../picture.js";
import { LowBitWriter } from "./bits.js";
import { codeLengths, codeWords } from "./huffman.js";

const GREEN_SYMBOLS = 256 + 24;
/** Number of symbols in the code for code lengths. */
const LENGTH_CODES = 19;
const SUBTRACT_GREEN = 2;
const PREDICT = 0;
/** Each pixel is predicted from the one to its left. */
const PREDICT_LEFT = 1;
/** Blocks of 512 pixels have one prediction mode. */
const BLOCK_BITS = 9;

function writeSingleSymbol(out: LowBitWriter, symbol: number): void {
  out.bits(1, 1);
  out.bits(0, 1);
  out.bits(1, 1);
  out.bits(symbol, 8);
}

/** Writes a prefix code as the lengths of its words, four bits each. */
function writeLengths(out: LowBitWriter, lengths: readonly number[]): void {
  out.bits(0, 1);
  out.bits(LENGTH_CODES - 4, 4);
  // The order is 17, 18, 0, 1, 2, 3, 4, 5, 16, 6, …: lengths 0 to 15 get four bits, repeats none.
  for (let k = 0; k < LENGTH_CODES; k += 1) out.bits(k === 0 || k === 1 || k === 8 ? 0 : 4, 3);
  out.bits(0, 1);
  const words = codeWords(new Array<number>(16).fill(4));
  for (const length of lengths) out.bits(words[length]?.bits ?? 0, 4);
}

/** Residuals: green is subtracted from red and blue, then the left pixel from all channels. */
function residuals({ width, height, data }: Picture): Uint8Array {
  const out = new Uint8Array(data.length);
  const plain = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p += 4) {
    const green = data[p + 1] ?? 0;
    plain[p] = (data[p] ?? 0) - green;
    plain[p + 1] = green;
    plain[p + 2] = (data[p + 2] ?? 0) - green;
    plain[p + 3] = data[p + 3] ?? 0;
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const p = (y * width + x) * 4;
      const from = x > 0 ? p - 4 : p - width * 4;
      for (let c = 0; c < 4; c += 1) {
        // The very first pixel is predicted as opaque black.
        const guess = p === 0 ? (c === 3 ? 255 : 0) : (plain[from + c] ?? 0);
        out[p + c] = (plain[p + c] ?? 0) - guess;
      }
    }
  }
  return out;
}

function encodeLossless(picture: Picture): Buffer {
  const { width, height } = picture;
  const out = new LowBitWriter();
  out.bits(0x2f, 8);
  out.bits(width - 1, 14);
  out.bits(height - 1, 14);
  out.bits(picture.opaque ? 0 : 1, 1);
  out.bits(0, 3);

  out.bits(1, 1);
  out.bits(SUBTRACT_GREEN, 2);
  out.bits(1, 1);
  out.bits(PREDICT, 2);
  out.bits(BLOCK_BITS - 2, 3);
  // The image of prediction modes has one colour, so its pixels take no bits.
  out.bits(0, 1);
  for (const symbol of [PREDICT_LEFT, 0, 0, 255, 0]) writeSingleSymbol(out, symbol);
  out.bits(0, 1);

  out.bits(0, 1);
  out.bits(0, 1);
  const rest = residuals(picture);
  const channels = [1, 0, 2, 3].map((channel) => {
    const counts = new Array<number>(channel === 1 ? GREEN_SYMBOLS : 256).fill(0);
    for (let p = channel; p < rest.length; p += 4) {
      const symbol = rest[p] ?? 0;
      counts[symbol] = (counts[symbol] ?? 0) + 1;
    }
    const used = counts.flatMap((count, symbol) => (count > 0 ? [symbol] : []));
    if (used.length === 1) {
      writeSingleSymbol(out, used[0] ?? 0);
      return { channel, words: undefined };
    }
    const lengths = codeLengths(counts);
    writeLengths(out, lengths);
    return { channel, words: codeWords(lengths) };
  });
  // Distances are never used, but their code has to be there.
  writeSingleSymbol(out, 0);
  for (let p = 0; p < rest.length; p += 4) {
    for (const { channel, words } of channels) {
      const word = words?.[rest[p + channel] ?? 0];
      if (word !== undefined) out.bits(word.bits, word.length);
    }
  }
  return out.done();
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** An endless animation; frames have equal sizes. */
export function encodeWebp(frames: readonly Picture[], frameMs: number): Buffer {
  const first = frames[0] ?? { width: 1, height: 1 };
  const size = Buffer.alloc(6);
  size.writeUIntLE(first.width - 1, 0, 3);
  size.writeUIntLE(first.height - 1, 3, 3);
  const ANIMATED = 2;
  const features = Buffer.concat([Buffer.from([ANIMATED, 0, 0, 0]), size]);
  const parts = frames.map((frame) => {
    const head = Buffer.alloc(16);
    size.copy(head, 6);
    head.writeUIntLE(frameMs, 12, 3);
    // Each frame replaces the one before it instead of being laid over it.
    head[15] = 2;
    return chunk("ANMF", Buffer.concat([head, chunk("VP8L", encodeLossless(frame))]));
  });
  const body = Buffer.concat([
    Buffer.from("WEBP", "latin1"),
    chunk("VP8X", features),
    chunk("ANIM", Buffer.alloc(6)),
    ...parts,
  ]);
  return chunk("RIFF", body);
}

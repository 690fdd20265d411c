/** FLAC files: one channel of 16-bit samples. */
import { createHash } from "node:crypto";
import { BitWriter } from "./bits.js";

export const SAMPLE_RATE = 22_050;
const SAMPLE_RATE_CODE = 6;
const BLOCK = 4096;
const BLOCK_CODE = 12;
const OTHER_BLOCK_CODE = 7;
/** Linear prediction: each sample is predicted from the two before it. */
const ORDER = 2;

function checksum(bytes: Uint8Array, polynomial: number, width: 8 | 16): number {
  const top = 1 << (width - 1);
  const mask = (1 << width) - 1;
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << (width - 8);
    for (let k = 0; k < 8; k += 1) crc = (crc & top ? (crc << 1) ^ polynomial : crc << 1) & mask;
  }
  return crc;
}

function utf8Number(value: number): number[] {
  return [...Buffer.from(String.fromCodePoint(value), "utf8")];
}

function writeFrame(samples: Int16Array, index: number): Buffer {
  const out = new BitWriter();
  const usual = samples.length === BLOCK;
  out.bits(0xfff8, 16);
  out.bits(usual ? BLOCK_CODE : OTHER_BLOCK_CODE, 4);
  out.bits(SAMPLE_RATE_CODE, 4);
  out.bits(0, 4);
  out.bits(0b1000, 4);
  for (const byte of utf8Number(index)) out.bits(byte, 8);
  if (!usual) out.bits(samples.length - 1, 16);
  out.bits(checksum(out.done(), 0x07, 8), 8);

  const order = Math.min(ORDER, samples.length);
  out.bits((0b001000 | order) << 1, 8);
  for (let k = 0; k < order; k += 1) out.bits((samples[k] ?? 0) & 0xffff, 16);
  const rest: number[] = [];
  let sum = 0;
  for (let k = order; k < samples.length; k += 1) {
    const guess = 2 * (samples[k - 1] ?? 0) - (samples[k - 2] ?? 0);
    const error = (samples[k] ?? 0) - guess;
    const folded = error >= 0 ? error * 2 : -error * 2 - 1;
    rest.push(folded);
    sum += folded;
  }
  const mean = sum / Math.max(1, rest.length);
  const parameter = Math.max(0, Math.min(14, Math.floor(Math.log2(mean + 1))));
  out.bits(0, 6);
  out.bits(parameter, 4);
  for (const folded of rest) {
    out.unary(folded >> parameter);
    out.bits(folded & ((1 << parameter) - 1), parameter);
  }
  out.align();
  out.bits(checksum(out.done(), 0x8005, 16), 16);
  return out.done();
}

/** @param samples at {@link SAMPLE_RATE} per second */
export function encodeFlac(samples: Int16Array): Buffer {
  const info = new BitWriter();
  // The last metadata block, of type 0, 34 bytes long.
  info.bits(0x80, 8);
  info.bits(34, 24);
  info.bits(BLOCK, 16);
  info.bits(BLOCK, 16);
  info.bits(0, 24);
  info.bits(0, 24);
  info.bits(SAMPLE_RATE, 20);
  info.bits(0, 3);
  info.bits(15, 5);
  info.bits(0, 4);
  info.bits(samples.length, 32);
  const pcm = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  info.raw(createHash("md5").update(pcm).digest());
  const frames: Buffer[] = [];
  for (let at = 0; at < samples.length; at += BLOCK) {
    frames.push(writeFrame(samples.subarray(at, at + BLOCK), at / BLOCK));
  }
  return Buffer.concat([Buffer.from("fLaC", "latin1"), info.done(), ...frames]);
}

/**
 * A mask as a PNG. What is painted is white and transparent, the rest black and opaque: flows read a mask
 * from either, and a canvas could not write white that is transparent. Pure but for the platform's deflate.
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param painted 0 to 255 for each pixel, row by row */
export async function maskPng(width: number, height: number, painted: Uint8Array): Promise<Blob> {
  const rows = new Uint8Array(height * (1 + 4 * width));
  let at = 0;
  for (let y = 0; y < height; y++) {
    at += 1;
    for (let x = 0; x < width; x++) {
      const value = painted[y * width + x] ?? 0;
      rows[at++] = value;
      rows[at++] = value;
      rows[at++] = value;
      rows[at++] = 255 - value;
    }
  }
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  // 8 bits a channel, with alpha.
  head.setUint16(8, 0x0806);
  const packed = new Response(
    new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate")),
  );
  return new Blob(
    [
      new Uint8Array(SIGNATURE),
      chunk("IHDR", new Uint8Array(head.buffer)),
      chunk("IDAT", new Uint8Array(await packed.arrayBuffer())),
      chunk("IEND", new Uint8Array()),
    ],
    { type: "image/png" },
  );
}

function chunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  let crc = ~0;
  for (const byte of bytes.subarray(4, 8 + data.length))
    crc = (CRC_TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  view.setUint32(8 + data.length, ~crc >>> 0);
  return bytes;
}

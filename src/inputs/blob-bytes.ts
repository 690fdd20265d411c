/** The bytes of blobs of any implementation. A `Blob` is what behaves like one. */
import { bodyReader } from "../bytes/body-reader.js";
import { asBytes, isStream, streamOf } from "../bytes/streams.js";

/** The part of a `Blob` that is used; a `File` also has a `name`. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  readonly name?: unknown;
  slice(start?: number, end?: number): BlobLike;
  stream?: (() => unknown) | undefined;
  arrayBuffer?: (() => Promise<unknown>) | undefined;
}

/** Bytes per read of a blob that cannot be streamed. */
const SLICE_BYTES = 1024 * 1024;

/** Whether a value is a blob. */
export function isBlob(value: object): value is BlobLike {
  const { size, type, slice } = value as Partial<BlobLike>;
  return typeof size === "number" && typeof type === "string" && typeof slice === "function";
}

/** Whether this platform can read the bytes of a blob at all. */
export function isReadableBlob(blob: BlobLike): boolean {
  return (
    typeof blob.stream === "function" || typeof blob.arrayBuffer === "function" || hasFileReader()
  );
}

/** The bytes of a blob, chunk by chunk. */
export function streamOfBlob(blob: BlobLike): ReadableStream<Uint8Array> {
  const stream = typeof blob.stream === "function" ? blob.stream() : undefined;
  return stream instanceof ReadableStream
    ? (stream as ReadableStream<Uint8Array>)
    : streamOf(piecesOf(blob, stream));
}

async function* piecesOf(blob: BlobLike, stream: unknown): AsyncGenerator<Uint8Array> {
  if (isStream(stream)) {
    const reader = bodyReader(stream, new AbortController().signal);
    try {
      for (let piece = await reader.read(); piece; piece = await reader.read()) yield piece;
    } finally {
      reader.cancel();
    }
    return;
  }
  for (let at = 0; at < blob.size; at += SLICE_BYTES)
    yield await bytesOfBlob(blob.slice(at, at + SLICE_BYTES));
}

/** A whole blob in memory. */
export async function bytesOfBlob(blob: BlobLike): Promise<Uint8Array> {
  const buffer: unknown =
    typeof blob.arrayBuffer === "function" ? await blob.arrayBuffer() : await byFileReader(blob);
  return asBytes(buffer) ?? new Uint8Array();
}

/** The only way to read older blobs, such as jsdom's. */
function byFileReader(blob: BlobLike): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error ?? new Error("the blob cannot be read"));
    reader.readAsArrayBuffer(blob as Blob);
  });
}

function hasFileReader(): boolean {
  return typeof (globalThis as { FileReader?: unknown }).FileReader === "function";
}

/** Blobs of whatever implementation, as bytes. A `Blob` is what behaves like one. */
import { bodyReader } from "../bytes/body-reader.js";
import { asBytes, isStream, streamOf } from "../bytes/streams.js";

/** The part of a `Blob` that is used; `name` is that of a `File`. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  readonly name?: unknown;
  slice(start?: number, end?: number): BlobLike;
  stream?: (() => unknown) | undefined;
  arrayBuffer?: (() => Promise<unknown>) | undefined;
}

/** Read at once where a blob cannot be streamed, in bytes. */
const SLICE_BYTES = 1024 * 1024;

/** Whether something is a blob. */
export function isBlob(value: object): value is BlobLike {
  const { size, type, slice } = value as Partial<BlobLike>;
  return typeof size === "number" && typeof type === "string" && typeof slice === "function";
}

/** Whether the bytes of a blob can be had here at all. */
export function isReadableBlob(blob: BlobLike): boolean {
  return (
    typeof blob.stream === "function" || typeof blob.arrayBuffer === "function" || hasFileReader()
  );
}

/** The bytes of a blob, piece by piece. */
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

/** Older blobs, such as jsdom's, are read by nothing else. */
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

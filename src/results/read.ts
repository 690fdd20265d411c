/** A result file as a stream, a blob, or bytes in memory. */
import type { Bytes } from "../bytes/bytes.js";
import { concat, streamOf } from "../bytes/streams.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { download } from "./download.js";
import { originOf, type ReadOptions, type ResultFile } from "./result-file.js";

export function readStream(
  file: ResultFile,
  { signal, onProgress }: ReadOptions = {},
): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const stop = stopper(originOf(file).api.clock, [signal, left.signal], undefined, REQUEST_TIMEOUT);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* download(file, { signal: stop.signal, onProgress });
    } finally {
      stop.release();
    }
  }
  // Cancelling a stream does not wait for the chunk in flight.
  return streamOf(chunks(), () => left.abort());
}

export async function readBytes(file: ResultFile, options?: ReadOptions): Promise<Bytes> {
  return gather(file, options, () => {
    const pieces: Uint8Array[] = [];
    return { add: (piece) => void pieces.push(piece), end: () => concat(pieces) };
  });
}

/** Bytes gathered before they become a blob; browsers keep blobs outside the page's memory. */
const BLOB_BYTES = 8 * 1024 * 1024;

export async function readBlob(file: ResultFile, options?: ReadOptions): Promise<Blob> {
  return gather(file, options, () => {
    const blobs: Blob[] = [];
    let pieces: BlobPart[] = [];
    let gathered = 0;
    return {
      add: (piece) => {
        pieces.push(piece as BlobPart);
        gathered += piece.length;
        if (gathered < BLOB_BYTES) return;
        blobs.push(new Blob(pieces));
        pieces = [];
        gathered = 0;
      },
      end: () => new Blob([...blobs, ...pieces], { type: file.mediaType }),
    };
  });
}

/** Assembles a file, starting over each time it must be read again. */
async function gather<Whole>(
  file: ResultFile,
  options: ReadOptions | undefined,
  start: () => { add(piece: Uint8Array): void; end(): Whole },
): Promise<Whole> {
  let whole = start();
  const onStart = (): Promise<void> => {
    whole = start();
    return Promise.resolve();
  };
  const { clock, transfers } = originOf(file).api;
  const stop = stopper(clock, [options?.signal], undefined, REQUEST_TIMEOUT);
  const { signal } = stop;
  try {
    return await transfers.run(async () => {
      for await (const piece of download(file, { ...options, signal, onStart })) whole.add(piece);
      return whole.end();
    }, signal);
  } finally {
    stop.release();
  }
}

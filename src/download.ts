/**
 * Reads result files whole, over connections that break. Loaded when a file is read.
 */
import { bodyReader, type BodyReader } from "./body-reader.js";
import { concat, streamOf } from "./byte-source.js";
import { VisionatrixError } from "./errors.js";
import { HttpError } from "./request-errors.js";
import { isPassing, pauseAfter, TRIES } from "./retry.js";
import { originOf, type ReadOptions, type ResultFile } from "./result-file.js";
import { idleLimit } from "./idle.js";
import { sleep } from "./sleep.js";
import { REQUEST_TIMEOUT, stopper } from "./stop.js";

/** A connection that brings nothing for so long is given up, in ms. */
const IDLE_MS = 15_000;

/** Settings of one download. */
export interface DownloadOptions extends ReadOptions {
  /** Called when the file has to be read from its start again; without it such a download fails. */
  onRestart?: (() => Promise<void>) | undefined;
  /** Called with each answer; what it returns is called with each piece once the next is asked for. */
  recycler?: ((response: Response) => ((piece: Uint8Array) => void) | undefined) | undefined;
  idleMs?: number;
  /** Pause before the next try. */
  delay?: (failed: unknown, failures: number) => number;
}

/** What an answer says of a file. */
export interface Shown {
  readonly status: number;
  /** `ETag`, or `Last-Modified` where that is all that can be read. */
  readonly version: string | undefined;
  /** First byte of the answer within the file. */
  readonly start: number;
  /** Length of the whole file. */
  readonly total: number | undefined;
}

/** Reads an answer to a request for a file, or for its rest from `asked` on. */
export function shownBy({ status, headers }: Response, asked: number): Shown {
  const range = /^bytes (\d+)-\d*\/(\d+|\*)/.exec(headers.get("content-range") ?? "");
  const length = headers.get("content-encoding") ? null : headers.get("content-length");
  const etag = headers.get("etag");
  return {
    status,
    // A weak one does not promise the same bytes.
    version:
      (etag?.startsWith("W/") ? undefined : etag) ?? headers.get("last-modified") ?? undefined,
    // Other origins see no Content-Range; what they asked for is what a 206 brings.
    start: status === 206 ? Number(range?.[1] ?? asked) : 0,
    total:
      range?.[2] && range[2] !== "*"
        ? Number(range[2])
        : length === null
          ? undefined
          : Number(length) + (status === 206 ? asked : 0),
  };
}

/**
 * What to do with an answer when `have` bytes of the file are there: `go on` with it, `skip` what is
 * there already, or `restart` since it is another file. Pure.
 */
export function continuation(
  have: number,
  version: string | undefined,
  shown: Shown,
): "go on" | "skip" | "restart" {
  if (have === 0 && shown.start === 0) return "go on";
  // Without a version nobody knows whether the rest belongs to the start.
  if (version === undefined || shown.version !== version) return "restart";
  if (shown.start === have) return "go on";
  return shown.start < have ? "skip" : "restart";
}

/**
 * The bytes of a file. A broken connection is taken up by `Range` where it broke, or the file is read
 * again from its start as far as the caller can do with that.
 */
export async function* download(
  file: ResultFile,
  {
    signal,
    onProgress,
    onRestart,
    recycler,
    idleMs = IDLE_MS,
    delay = pauseAfter,
  }: DownloadOptions = {},
): AsyncGenerator<Uint8Array> {
  const origin = originOf(file);
  if (!origin) throw new TypeError("A result file must be one that this library made.");
  let have = 0;
  // Progress is what was never there before: who is cut at the same place each time makes none.
  let furthest = 0;
  let total = file.size;
  let version: string | undefined;
  for (let failures = 0; ; failures++) {
    const stop = idleLimit(signal, idleMs);
    let reader: BodyReader | undefined;
    let trouble: unknown;
    try {
      let response: Response | undefined;
      try {
        response = await origin.open(
          stop.signal,
          have > 0
            ? { range: `bytes=${have}-`, ...(version !== undefined && { "if-range": version }) }
            : {},
        );
      } catch (error) {
        if (signal?.aborted) throw stop.signal.reason;
        // An empty file has no range; any other now ends before the place where it broke.
        if (error instanceof HttpError && error.status === 416) throw changed(file);
        if (!isPassing(error)) throw error;
        trouble = error;
      }
      if (response) {
        const recycle = recycler?.(response);
        reader = response.body ? bodyReader(response.body, stop.signal) : undefined;
        const shown = shownBy(response, have);
        if (continuation(have, version, shown) === "restart") {
          if (!onRestart) throw changed(file);
          await onRestart();
          have = 0;
        }
        version = shown.version;
        total = file.size ?? shown.total;
        if (shown.total !== undefined && shown.total > (total ?? Infinity)) throw changed(file);
        let skip = have - shown.start;
        let ended = !reader;
        trouble = "the connection ended early";
        // After a restart an answer may be the rest only, which is of no use.
        while (reader && skip >= 0) {
          let value: Uint8Array | undefined;
          try {
            value = await reader.read();
          } catch (error) {
            if (signal?.aborted) throw stop.signal.reason;
            trouble = error === REQUEST_TIMEOUT ? `nothing came for ${idleMs} ms` : error;
            break;
          }
          ended = !value;
          if (!value) break;
          const fresh = skip > 0 ? value.subarray(skip) : value;
          skip -= value.length - fresh.length;
          have += fresh.length;
          if (total !== undefined && have > total) throw changed(file);
          if (have > furthest) {
            furthest = have;
            failures = -1;
          }
          // Whoever reads the file may take time.
          stop.pause();
          onProgress?.({ loaded: have, total });
          if (fresh.length > 0) yield fresh;
          recycle?.(value);
          stop.restart();
        }
        if (total === undefined ? ended : have === total) return;
      }
    } finally {
      stop.release();
      await reader?.cancel();
    }
    if (failures + 1 >= TRIES)
      throw new VisionatrixError(
        "download_failed",
        `${file.name} of task ${file.taskId} could not be read: ${TRIES} tries brought nothing after ${furthest}${total === undefined ? "" : ` of ${total}`} bytes (${trouble instanceof Error ? trouble.message : String(trouble)}).`,
        { cause: trouble, taskIds: [file.taskId] },
      );
    await sleep(delay(trouble, Math.max(0, failures)), signal);
  }
}

function changed(file: ResultFile): VisionatrixError {
  return new VisionatrixError(
    "download_changed",
    `${file.name} of task ${file.taskId} changed on the server while it was read, maybe because the task was restarted: read it again.`,
    { taskIds: [file.taskId] },
  );
}

export function readStream(
  file: ResultFile,
  { signal, onProgress }: ReadOptions = {},
): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const stop = stopper([signal, left.signal], undefined, REQUEST_TIMEOUT);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* download(file, { signal: stop.signal, onProgress });
    } finally {
      stop.release();
    }
  }
  // Whoever cancels a stream does not wait for what is on its way.
  return streamOf(chunks(), () => left.abort());
}

export async function readBytes(
  file: ResultFile,
  options?: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return gather(file, options, () => {
    const pieces: Uint8Array[] = [];
    return { add: (piece) => void pieces.push(piece), end: () => concat(pieces) };
  });
}

/** So much is gathered before it becomes a blob, in bytes: browsers keep those outside of the page. */
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

/** Puts a file together, from its start again whenever it has to be read again. */
async function gather<Whole>(
  file: ResultFile,
  options: ReadOptions | undefined,
  start: () => { add(piece: Uint8Array): void; end(): Whole },
): Promise<Whole> {
  let whole = start();
  const onRestart = (): Promise<void> => {
    whole = start();
    return Promise.resolve();
  };
  for await (const piece of download(file, { ...options, onRestart })) whole.add(piece);
  return whole.end();
}

/**
 * Reads a whole result file over as many connections as it takes. Each one resumes where the last one broke
 * off, as long as the server still has the same version of the file.
 */
import type { BodyReader } from "../bytes/body-reader.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { Answer } from "../http/answer.js";
import { idleLimit } from "../time/idle-limit.js";
import { REQUEST_TIMEOUT } from "../time/stop.js";
import { continuation, shownBy, type Shown } from "./continuation.js";
import { createPatience } from "./patience.js";
import { originOf, type ReadOptions, type ResultFile } from "./result-file.js";
import { beforeNextTry } from "./try-again.js";

/** Reason for a connection that ended early without an error. */
const EARLY = "it ended early";

/** The start of a file that is already present. */
export interface Beginning {
  /** Its length in bytes, at least 1. */
  readonly length: number;
  /** The version of the file it belongs to. */
  readonly version: string;
}

/** Options of one download. */
export interface DownloadOptions extends ReadOptions {
  /** Resume after these bytes, if the server still has that version. */
  beginning?: Beginning | undefined;
  /**
   * Called before the first byte with the version of the file, and again each time the file must be read from
   * the start. Without it, having to start over is an error.
   */
  onStart?: ((version: string | undefined) => Promise<void>) | undefined;
  /**
   * Called with each response. The function it returns is called with each chunk once the next one is
   * requested.
   */
  recycler?: ((answer: Answer) => ((piece: Uint8Array) => void) | undefined) | undefined;
  /** Longest silence of the server, in ms. Default: learned from the server. */
  idleMs?: number;
}

/**
 * The missing bytes of a file.
 * @throws VisionatrixError `download_failed`, `download_changed`, or a server error that a retry would not
 * change
 */
export async function* download(
  file: ResultFile,
  options: DownloadOptions = {},
): AsyncGenerator<Uint8Array> {
  const origin = originOf(file);
  const { limit } = origin;
  const { clock } = origin.api;
  const { signal, beginning, onProgress, onStart, recycler } = options;
  const patience = createPatience(origin.outageMs);
  /** Bytes present. */
  let have = beginning?.length ?? 0;
  /** The most bytes ever present: a connection that always breaks at the same place makes no progress. */
  let furthest = have;
  let version = beginning?.version;
  /** Whether the server has yet to confirm that the beginning belongs to its version. */
  let unsure = have > 0;
  /** Whether the caller knows that bytes of this version follow. */
  let started = unsure;
  let total = file.size;

  /** The bytes of one connection. Returns the reason it ended; undefined at the end of the file. */
  async function* connection(): AsyncGenerator<Uint8Array, unknown> {
    const { idleMs = limit.ms } = options;
    const stop = idleLimit(clock, signal, idleMs);
    const askedAt = clock.now();
    let isSilent = true;
    let reader: BodyReader | undefined;
    const troubleOf = (error: unknown): unknown => {
      if (signal?.aborted) throw stop.signal.reason;
      if (stop.signal.aborted) limit.timedOut();
      return error === REQUEST_TIMEOUT ? `no data for ${idleMs} ms` : (error ?? "");
    };
    // Ask again for the last byte present, because no range exists past the end of a complete file.
    const from = unsure ? have - 1 : have;
    try {
      let answer: Answer;
      try {
        answer = await origin.open(
          stop.signal,
          have > 0
            ? { range: `bytes=${from}-`, ...(version !== undefined && { "if-range": version }) }
            : {},
        );
      } catch (error) {
        const trouble = troubleOf(error);
        if (!mayAskAgain(trouble)) throw trouble;
        return trouble;
      }
      // Before the body is read: a body being read is locked to its reader.
      const recycle = recycler?.(answer);
      reader = answer.reader(stop.signal);
      let skip = take(shownBy(answer, from));
      // After a restart, a response with only the rest is useless.
      while (skip >= 0) {
        let value: Uint8Array | undefined;
        try {
          value = await reader.read();
        } catch (error) {
          const trouble = troubleOf(error);
          return started && have === total ? undefined : trouble;
        }
        // Time the caller spends does not count against the server.
        stop.pause();
        if (isSilent) limit.answered(clock.now() - askedAt);
        isSilent = false;
        if (!started) await onStart?.(version);
        started = true;
        // Without a length, an early end looks like the right one.
        if (!value) return have === (total ?? have) ? undefined : EARLY;
        const fresh = value.subarray(skip);
        skip -= value.length - fresh.length;
        have += fresh.length;
        if (have > (total ?? Infinity)) throw changed(file);
        if (have > furthest) {
          furthest = have;
          patience.progress();
        }
        onProgress?.({ loaded: have, total });
        if (fresh.length > 0) yield fresh;
        recycle?.(value);
        stop.restart();
      }
      return EARLY;
    } finally {
      stop.release();
      reader?.cancel();
    }
  }

  /** Whether a retry of a failed request may succeed. */
  function mayAskAgain(error: unknown): boolean {
    if (!(error instanceof HttpError && error.status === 416)) return !patience.isFinal(error);
    // An empty file has no range. Any other file is now shorter than the requested byte.
    if (!unsure) throw changed(file);
    restart();
    return true;
  }

  /**
   * Applies a response. Returns how many of its bytes are already present; negative when bytes are missing in
   * between.
   */
  function take(shown: Shown): number {
    if (continuation(have, version, shown) === "restart") {
      if (!onStart) throw changed(file);
      restart();
    }
    if (have === 0 && version !== shown.version) started = false;
    unsure = false;
    version = shown.version;
    total = file.size ?? shown.total;
    if ((shown.total ?? 0) > (total ?? Infinity)) throw changed(file);
    return have - shown.start;
  }

  /** Discards what is present. */
  function restart(): void {
    if (unsure) furthest = 0;
    have = 0;
    version = undefined;
    unsure = started = false;
  }

  for (;;) {
    const cause = yield* connection();
    if (cause === undefined) return;
    await beforeNextTry(
      origin,
      patience,
      `${file.name} of task ${file.taskId} (received ${furthest} of ${total ?? "all"} bytes)`,
      cause,
      (trouble) => onProgress?.({ loaded: have, total, trouble }),
      signal,
    );
  }
}

function changed(file: ResultFile): VisionatrixError {
  return new VisionatrixError(
    "download_changed",
    `${file.name} of task ${file.taskId} changed on the server while it was read, maybe because the task was restarted: read it again.`,
    { taskIds: [file.taskId] },
  );
}

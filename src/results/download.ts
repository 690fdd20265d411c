/**
 * Reads a result file whole, over as many connections as it takes: each goes on where the last one broke,
 * as long as the server still has the same version of the file.
 */
import type { BodyReader } from "../bytes/body-reader.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { Answer } from "../http/answer.js";
import { idleLimit } from "../time/idle-limit.js";
import { REQUEST_TIMEOUT } from "../time/stop.js";
import { continuation, shownBy, type Shown } from "./continuation.js";
import { createPatience, meaningOf } from "./patience.js";
import { originOf, type ReadOptions, type ResultFile } from "./result-file.js";
import { beforeNextTry } from "./try-again.js";

/** What ends a connection that broke off without an error. */
const EARLY = "it ended early";

/** The beginning of a file that is there already. */
export interface Beginning {
  /** Its length in bytes, from 1 on. */
  readonly length: number;
  /** The version of the file that it belongs to. */
  readonly version: string;
}

/** Settings of one download. */
export interface DownloadOptions extends ReadOptions {
  /** Go on after this, if the server still has that version. */
  beginning?: Beginning | undefined;
  /**
   * Called before the first byte, with the version of the file, and again each time the file has to be
   * read from its first byte. Without it a file that would have to be read again is an error.
   */
  onStart?: ((version: string | undefined) => Promise<void>) | undefined;
  /** Called with each answer; what it returns is called with each piece once the next is asked for. */
  recycler?: ((answer: Answer) => ((piece: Uint8Array) => void) | undefined) | undefined;
  /** How long the server may be silent, in ms. Default: as learnt from it. */
  idleMs?: number;
}

/**
 * The bytes of a file that are not there yet.
 * @throws VisionatrixError `download_failed`, `download_changed`, or what the server said that no further
 * request would change
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
  /** Bytes that are there. */
  let have = beginning?.length ?? 0;
  /** The most that ever was: who is cut at the same place each time makes no progress. */
  let furthest = have;
  let version = beginning?.version;
  /** Whether the server was not asked yet if the beginning is still of its version. */
  let unsure = have > 0;
  /** Whether the caller knows that bytes of this version come. */
  let started = unsure;
  let total = file.size;

  /** The bytes that one connection brings. Returns what ended it; undefined at the end of the file. */
  async function* connection(): AsyncGenerator<Uint8Array, unknown> {
    const { idleMs = limit.ms } = options;
    const stop = idleLimit(clock, signal, idleMs);
    const askedAt = clock.now();
    let isSilent = true;
    let reader: BodyReader | undefined;
    const troubleOf = (error: unknown): unknown => {
      if (signal?.aborted) throw stop.signal.reason;
      if (stop.signal.aborted) limit.timedOut();
      return error === REQUEST_TIMEOUT ? `nothing came for ${idleMs} ms` : (error ?? "");
    };
    // A beginning is asked for its last byte, since behind the end of a whole file there is no range.
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
      // Before it is read: a body that is read belongs to its reader.
      const recycle = recycler?.(answer);
      reader = answer.reader(stop.signal);
      let skip = take(shownBy(answer, from));
      // After a restart an answer may be the rest only, which is of no use.
      while (skip >= 0) {
        let value: Uint8Array | undefined;
        try {
          value = await reader.read();
        } catch (error) {
          const trouble = troubleOf(error);
          return started && have === total ? undefined : trouble;
        }
        // The server is not to blame for what comes now.
        stop.pause();
        if (isSilent) limit.answered(clock.now() - askedAt);
        isSilent = false;
        if (!started) await onStart?.(version);
        started = true;
        // Without a length nobody can tell an early end from the right one.
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

  /** Whether a request that failed may succeed when it is made again. */
  function mayAskAgain(error: unknown): boolean {
    if (!(error instanceof HttpError && error.status === 416)) return meaningOf(error) !== "final";
    // An empty file has no range; any other now ends before the byte that was asked for.
    if (!unsure) throw changed(file);
    restart();
    return true;
  }

  /** Takes in what an answer shows. Returns how many of its bytes are there already; below 0, some miss. */
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

  /** Forgets what is there. */
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
      `${file.name} of task ${file.taskId} (${furthest} of ${total ?? "all"} bytes came)`,
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

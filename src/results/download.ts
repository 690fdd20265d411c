/**
 * Reads a result file whole, over as many connections as it takes: each goes on where the last one broke,
 * as long as the server still has the same version of the file.
 */
import type { BodyReader } from "../bytes/body-reader.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { Answer } from "../http/answer.js";
import { idleLimit } from "../time/idle-limit.js";
import { sleep } from "../time/sleep.js";
import { REQUEST_TIMEOUT } from "../time/stop.js";
import { continuation, shownBy } from "./continuation.js";
import { brokenBody, meaningOf, Patience } from "./patience.js";
import { originOf, type ReadOptions, type ResultFile } from "./result-file.js";

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
  const { clock, limit } = origin;
  const { signal, beginning, onProgress, onStart, recycler } = options;
  const patience = new Patience(origin.outageMs);
  let have = beginning?.length ?? 0;
  let version = beginning?.version;
  // Not asked about yet: the server may have another version, or a shorter file.
  let unsure = have > 0;
  let started = unsure;
  // Who is cut at the same place each time makes no progress, also where it reads from the start again.
  let furthest = have;
  let total = file.size;
  for (;;) {
    const silentMs = options.idleMs ?? limit.ms;
    const stop = idleLimit(clock, signal, silentMs);
    const askedAt = clock.now();
    let reader: BodyReader | undefined;
    let trouble: unknown;
    try {
      let answer: Answer | undefined;
      try {
        // With the last byte that is there: behind the end of a complete file there is no range.
        answer = await origin.open(
          stop.signal,
          have > 0
            ? {
                range: `bytes=${unsure ? have - 1 : have}-`,
                ...(version !== undefined && { "if-range": version }),
              }
            : {},
        );
      } catch (error) {
        if (signal?.aborted) throw stop.signal.reason;
        trouble = error;
        if (error instanceof HttpError && error.status === 416) {
          // An empty file has no range; any other now ends before the byte that was asked for.
          if (!unsure) throw changed(file);
          unsure = started = false;
          have = furthest = 0;
          version = undefined;
          continue;
        }
        if (meaningOf(error) === "final") throw error;
      }
      if (answer) {
        // Before it is read: a body that is read belongs to its reader.
        const recycle = recycler?.(answer);
        reader = answer.reader(stop.signal);
        const shown = shownBy(answer, unsure ? have - 1 : have);
        if (continuation(have, version, shown) === "restart") {
          if (!onStart) throw changed(file);
          if (unsure) furthest = 0;
          have = 0;
          started = false;
        }
        if (have === 0 && version !== shown.version) started = false;
        unsure = false;
        version = shown.version;
        total = file.size ?? shown.total;
        if (shown.total !== undefined && shown.total > (total ?? Infinity)) throw changed(file);
        let skip = have - shown.start;
        let ended = false;
        let heard = false;
        trouble = "it ended early";
        // After a restart an answer may be the rest only, which is of no use.
        while (skip >= 0) {
          let value: Uint8Array | undefined;
          try {
            value = await reader.read();
          } catch (error) {
            if (signal?.aborted) throw stop.signal.reason;
            trouble = error;
            break;
          }
          if (!heard) limit.answered(clock.now() - askedAt);
          heard = true;
          // The server is not to blame for what comes now.
          stop.pause();
          if (!started) await onStart?.(version);
          started = true;
          ended = !value;
          if (!value) break;
          const fresh = skip > 0 ? value.subarray(skip) : value;
          skip -= value.length - fresh.length;
          have += fresh.length;
          if (total !== undefined && have > total) throw changed(file);
          if (have > furthest) {
            furthest = have;
            patience.progress();
          }
          onProgress?.({ loaded: have, total });
          if (fresh.length > 0) yield fresh;
          recycle?.(value);
          stop.restart();
        }
        if (total === undefined ? ended : have === total) return;
      }
      if (stop.signal.reason === REQUEST_TIMEOUT) limit.timedOut();
    } finally {
      stop.release();
      reader?.cancel();
    }
    const what = `${file.name} of task ${file.taskId}`;
    if (trouble === REQUEST_TIMEOUT) trouble = `nothing came for ${silentMs} ms`;
    const told = trouble instanceof VisionatrixError ? trouble : brokenBody(what, trouble);
    const next = patience.failed(trouble, clock.now(), clock.random());
    if (typeof next === "string")
      throw new VisionatrixError(
        "download_failed",
        `${what} could not be read: ${next} after ${furthest}${total === undefined ? "" : ` of ${total}`} bytes. ${told.message} The file stays on the server: read it again later.`,
        { cause: trouble, taskIds: [file.taskId] },
      );
    origin.logger?.warn(`reading ${what}: ${told.message}`);
    onProgress?.({ loaded: have, total, trouble: told });
    await sleep(clock, next, signal);
  }
}

function changed(file: ResultFile): VisionatrixError {
  return new VisionatrixError(
    "download_changed",
    `${file.name} of task ${file.taskId} changed on the server while it was read, maybe because the task was restarted: read it again.`,
    { taskIds: [file.taskId] },
  );
}

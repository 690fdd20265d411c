/** Reads a result file whole, over connections that break: each is taken up where the last one broke. */
import type { BodyReader } from "../bytes/body-reader.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { Answer } from "../http/answer.js";
import { idleLimit } from "../time/idle-limit.js";
import { sleep } from "../time/sleep.js";
import { REQUEST_TIMEOUT } from "../time/stop.js";
import { continuation, shownBy } from "./continuation.js";
import { originOf, type ReadOptions, type ResultFile } from "./result-file.js";
import { isPassing, pauseAfter, TRIES } from "./retry.js";

/** A connection that brings nothing for so long is given up, in ms. */
const IDLE_MS = 15_000;

/** Settings of one download. */
export interface DownloadOptions extends ReadOptions {
  /** Called when the file has to be read from its start again; without it such a download fails. */
  onRestart?: (() => Promise<void>) | undefined;
  /** Called with each answer; what it returns is called with each piece once the next is asked for. */
  recycler?: ((answer: Answer) => ((piece: Uint8Array) => void) | undefined) | undefined;
  idleMs?: number;
  /** Pause before the next try, in ms. */
  delay?: (failed: unknown, failures: number) => number;
}

/**
 * The bytes of a file. A broken connection is taken up by `Range` where it broke, or the file is read
 * again from its start as far as the caller can do with that.
 */
export async function* download(
  file: ResultFile,
  options: DownloadOptions = {},
): AsyncGenerator<Uint8Array> {
  const origin = originOf(file);
  const { clock } = origin;
  const { signal, onProgress, onRestart, recycler, idleMs = IDLE_MS } = options;
  const delay =
    options.delay ?? ((failed, failures) => pauseAfter(failed, failures, clock.random()));
  let have = 0;
  // Progress is what was never there before: who is cut at the same place each time makes none.
  let furthest = 0;
  let total = file.size;
  let version: string | undefined;
  for (let failures = 0; ; failures++) {
    const stop = idleLimit(clock, signal, idleMs);
    let reader: BodyReader | undefined;
    let trouble: unknown;
    try {
      let answer: Answer | undefined;
      try {
        answer = await origin.open(
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
      if (answer) {
        const recycle = recycler?.(answer);
        reader = answer.reader(stop.signal);
        const shown = shownBy(answer, have);
        if (continuation(have, version, shown) === "restart") {
          if (!onRestart) throw changed(file);
          await onRestart();
          have = 0;
        }
        version = shown.version;
        total = file.size ?? shown.total;
        if (shown.total !== undefined && shown.total > (total ?? Infinity)) throw changed(file);
        let skip = have - shown.start;
        let ended = false;
        trouble = "the connection ended early";
        // After a restart an answer may be the rest only, which is of no use.
        while (skip >= 0) {
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
      reader?.cancel();
    }
    if (failures + 1 >= TRIES)
      throw new VisionatrixError(
        "download_failed",
        `${file.name} of task ${file.taskId} could not be read: ${TRIES} tries brought nothing after ${furthest}${total === undefined ? "" : ` of ${total}`} bytes (${trouble instanceof Error ? trouble.message : String(trouble)}).`,
        { cause: trouble, taskIds: [file.taskId] },
      );
    await sleep(clock, delay(trouble, Math.max(0, failures)), signal);
  }
}

function changed(file: ResultFile): VisionatrixError {
  return new VisionatrixError(
    "download_changed",
    `${file.name} of task ${file.taskId} changed on the server while it was read, maybe because the task was restarted: read it again.`,
    { taskIds: [file.taskId] },
  );
}

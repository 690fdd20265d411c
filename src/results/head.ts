/** The head of a result file: whether the file exists, its first bytes, and its headers. */
import type { TaskOutput } from "../../generated/tasks.js";
import { SNIFF_BYTES } from "../bytes/media.js";
import type { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { Answer } from "../http/answer.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { createPatience } from "./patience.js";
import type { FileOrigin } from "./result-file.js";
import { beforeNextTry } from "./try-again.js";

/** How to request a head. */
export interface Finding {
  readonly signal?: AbortSignal | undefined;
  /** Called when the server cannot be reached, and with `undefined` once it can again. */
  readonly onTrouble?: ((trouble: VisionatrixError | undefined) => void) | undefined;
}

/** What a request for the first bytes reveals about a file. */
export interface Head {
  readonly headers: Answer["headers"];
  readonly first: Uint8Array;
  readonly size: number | undefined;
}

/** Retries until the head of a file is known; undefined when the file does not exist. */
export async function findHead(
  origin: FileOrigin,
  output: TaskOutput,
  { signal, onTrouble }: Finding,
): Promise<Head | undefined> {
  const patience = createPatience(origin.outageMs);
  for (let troubled = false; ; troubled = true) {
    let cause: unknown;
    try {
      const head = await headOf(origin, output, signal);
      if (troubled) onTrouble?.(undefined);
      return head;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (patience.isFinal(error)) throw error;
      cause = error;
    }
    const what = `a file of task ${origin.task.task_id}`;
    await beforeNextTry(origin, patience, what, cause, (trouble) => onTrouble?.(trouble), signal);
  }
}

/** Requests the head of a file; undefined when the file does not exist. */
async function headOf(
  { api: { clock, transfers }, limit, open }: FileOrigin,
  { batch_size: batchSize, file_size: nodeSize }: TaskOutput,
  signal: AbortSignal | undefined,
): Promise<Head | undefined> {
  const release = await transfers.take(signal);
  const stop = stopper(clock, [signal], limit.ms, REQUEST_TIMEOUT);
  const askedAt = clock.now();
  try {
    const answer = await open(stop.signal, { range: `bytes=0-${SNIFF_BYTES - 1}` });
    const { headers, status } = answer;
    const whole =
      // The server's own count, used to check the bytes received. For several files it is their sum.
      (batchSize === 1 && nodeSize > 0 && nodeSize) ||
      /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ||
      // Pages of other origins can read only the length of the part. The length of a compressed body says
      // nothing.
      (status === 200 && !headers.get("content-encoding") && headers.get("content-length"));
    const first = await firstBytes(answer, stop.signal);
    limit.answered(clock.now() - askedAt);
    return { headers, first, size: whole ? Number(whole) : undefined };
  } catch (error) {
    if (stop.signal.reason === REQUEST_TIMEOUT) limit.timedOut();
    if (!(error instanceof HttpError)) throw error;
    // A 404 for a task that is gone, or from a proxy, does not mean that there are no more files.
    if (error.status === 404 && /^(Missing result|No such node)/.test(error.detail))
      return undefined;
    // An empty file has no first byte.
    if (error.status === 416)
      return { headers: { get: () => null }, first: new Uint8Array(), size: 0 };
    throw error;
  } finally {
    stop.release();
    release();
  }
}

/** The part of a response that is enough to recognise the file; the rest is not read. */
async function firstBytes(answer: Answer, signal: AbortSignal): Promise<Uint8Array> {
  const reader = answer.reader(signal);
  const bytes: number[] = [];
  try {
    while (bytes.length < SNIFF_BYTES) {
      const piece = await reader.read();
      if (!piece) break;
      bytes.push(...piece.subarray(0, SNIFF_BYTES));
    }
  } finally {
    reader.cancel();
  }
  return Uint8Array.from(bytes);
}

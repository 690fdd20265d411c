/** Files that tasks made. */
import type { TaskOutput, TaskSummary } from "../generated/tasks.js";
import { openResult } from "./api-watch.js";
import { bodyReader } from "./body-reader.js";
import type { Context } from "./context.js";
import { HttpError } from "./request-errors.js";
import { VisionatrixError } from "./errors.js";
import type { FileReference } from "./file-input.js";
import { resultName } from "./result-name.js";
import { extensionOf, mediaTypeFor, SNIFF_BYTES, type MediaKind } from "./media.js";
import { REQUEST_TIMEOUT, stopper } from "./stop.js";

/** One file that a task made. Nothing but its first bytes is fetched until it is read. */
export interface ResultFile<Kind extends MediaKind = MediaKind> {
  readonly taskId: number;
  /** Id of the output node that made it. */
  readonly nodeId: number;
  /** Which file of the node, from 0. */
  readonly index: number;
  readonly kind: Kind;
  /** Flow id. */
  readonly flow: string;
  /** The seed that makes it again; undefined where the server knows none. */
  readonly seed: number | undefined;
  /** Name with the extension that fits the bytes; safe to use on every platform. */
  readonly name: string;
  readonly mediaType: string;
  /** In bytes; undefined where the server does not tell. */
  readonly size: number | undefined;
  /**
   * Reads the file piece by piece. A connection that breaks is taken up where it broke; five breaks
   * without a byte in between end it.
   * @throws VisionatrixError `download_failed`, `download_changed`
   */
  stream(options?: ReadOptions): Promise<ReadableStream<Uint8Array>>;
  /** Reads the file into a `Blob` of its media type. */
  blob(options?: ReadOptions): Promise<Blob>;
  /** Reads the file into memory. */
  bytes(options?: ReadOptions): Promise<Uint8Array>;
  /** Reads the file as UTF-8. */
  text(options?: ReadOptions): Promise<string>;
  /** Whether it is of this kind; narrows the type, so that `reference()` is known to fit. */
  is<Known extends MediaKind>(kind: Known): this is ResultFile<Known>;
  /**
   * A value for a file parameter that points at this file, so that its bytes stay on the server.
   * @throws VisionatrixError `ambiguous_reference` for one file of several of a node, which the server
   * cannot address
   */
  // `any` fits every parameter: a kind that is not known here is checked when it is used.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  reference(): FileReference<MediaKind extends Kind ? any : Kind>;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Called as bytes come. */
  onProgress?: ((progress: { loaded: number; total: number | undefined }) => void) | undefined;
}

/** What a file is read by. Not shown on the file, whose `inspect` and JSON stay plain. */
export interface FileOrigin {
  /** Opens the file, from a byte on if asked to. */
  open(signal: AbortSignal | undefined, headers: Record<string, string>): Promise<Response>;
  readonly task: TaskSummary;
  /** Tasks of the run. */
  readonly run: readonly number[];
}

const origins = new WeakMap<ResultFile, FileOrigin>();

export function originOf(file: ResultFile): FileOrigin | undefined {
  return origins.get(file);
}

/** Longest wait for a file's first bytes, in ms. */
const HEAD_TIMEOUT_MS = 15_000;

/**
 * All files of a task that is done, sorted by node and index.
 * @param run the tasks that were created together
 */
export async function resultFiles(
  context: Context,
  task: TaskSummary,
  run: readonly number[],
  signal?: AbortSignal,
): Promise<ResultFile[]> {
  // The server lists outputs in no particular order.
  const nodes = [...task.outputs].sort((a, b) => a.comfy_node_id - b.comfy_node_id);
  const found = await Promise.all(nodes.map((node) => filesOf(context, task, run, node, signal)));
  return found.flat();
}

/** The server's count of a node's files may be too high, so the first missing one ends the walk. */
async function filesOf(
  context: Context,
  task: TaskSummary,
  run: readonly number[],
  output: TaskOutput,
  signal?: AbortSignal,
): Promise<ResultFile[]> {
  const files: ResultFile[] = [];
  const limit = output.batch_size > 0 ? output.batch_size : Infinity;
  while (files.length < limit) {
    const file = await lookAt(context, task, run, output, files.length, signal);
    if (!file) break;
    files.push(file);
  }
  return files;
}

/** What the first bytes of a file tell. */
interface Head {
  headers: Headers;
  first: Uint8Array;
  size: number | undefined;
}

/** Looks at the head of a file; undefined where there is none. */
async function lookAt(
  { api }: Context,
  task: TaskSummary,
  run: readonly number[],
  output: TaskOutput,
  index: number,
  signal?: AbortSignal,
): Promise<ResultFile | undefined> {
  const { comfy_node_id: nodeId, type, batch_size: batchSize, file_size: nodeSize } = output;
  const { task_id: taskId, name: flow, input_params } = task;
  const kind = type;
  const origin: FileOrigin = {
    task,
    run,
    open: async (stop, headers) => {
      const response = await openResult(
        api,
        { task_id: taskId, node_id: nodeId, batch_index: index },
        { ...(stop && { signal: stop }), headers },
      );
      if (!/html/.test(response.headers.get("content-type") ?? "")) return response;
      await response.body?.cancel();
      throw (await import("./later/trouble.js")).notAFile(taskId);
    },
  };
  const attempt = async (): Promise<Head | undefined> => {
    const stop = stopper([signal], HEAD_TIMEOUT_MS, REQUEST_TIMEOUT);
    try {
      const head = await origin.open(stop.signal, { range: `bytes=0-${SNIFF_BYTES - 1}` });
      const { headers, status } = head;
      const whole =
        // The server's own count, against which what comes is checked; of a node it is the sum.
        (batchSize === 1 && nodeSize > 0 && nodeSize) ||
        /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ||
        // Of a part, other origins are told its length only; of what is packed, nobody is.
        (status === 200 && !headers.get("content-encoding") && headers.get("content-length"));
      const first = await firstBytes(head, stop.signal);
      return { headers, first, size: whole ? Number(whole) : undefined };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      // Of a task that is gone, or from a proxy, a 404 does not mean that there are no more files.
      if (error.status === 404 && /^(Missing result|No such node)/.test(error.detail))
        return undefined;
      // An empty file has no first byte.
      if (error.status === 416) return { headers: new Headers(), first: new Uint8Array(), size: 0 };
      throw error;
    } finally {
      stop.release();
    }
  };
  const head = await attempt().catch(async (error: unknown) =>
    (await import("./later/trouble.js")).retried(error, attempt, signal),
  );
  if (!head) return undefined;
  const { headers, first, size } = head;
  const name = resultName({ taskId, nodeId, index, kind, headers, head: first });
  const mediaType = mediaTypeFor(extensionOf(name));
  const seed = input_params["seed"];
  const download = async () => import("./download.js");
  const file: ResultFile = {
    taskId,
    nodeId,
    index,
    kind,
    flow,
    seed: seed === undefined ? undefined : Number(seed),
    name,
    mediaType,
    size,
    stream: async (options) => (await download()).readStream(file, options),
    blob: async (options) => (await download()).readBlob(file, options),
    bytes: async (options) => (await download()).readBytes(file, options),
    text: async (options) => new TextDecoder().decode(await file.bytes(options)),
    is: (known): this is never => known === kind,
    reference: () => {
      if (batchSize > 1)
        throw new VisionatrixError(
          "ambiguous_reference",
          `Node ${nodeId} of task ${taskId} made ${batchSize} files, and a reference would mean any of them: pass the file's bytes (\`await file.blob()\`) instead.`,
          { taskIds: [taskId] },
        );
      return { task_id: taskId, node_id: nodeId, kind };
    },
  };
  origins.set(file, origin);
  return file;
}

/** Enough of an answer to recognise it; the rest is left. */
async function firstBytes({ body }: Response, signal: AbortSignal): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  const reader = bodyReader(body, signal);
  const bytes: number[] = [];
  try {
    while (bytes.length < SNIFF_BYTES) {
      const piece = await reader.read();
      if (!piece) break;
      bytes.push(...piece.subarray(0, SNIFF_BYTES));
    }
  } finally {
    await reader.cancel();
  }
  return Uint8Array.from(bytes);
}

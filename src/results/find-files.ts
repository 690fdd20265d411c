/** From a task that is done to its files: looks at the head of each, and at nothing more. */
import type { TaskOutput, TaskSummary } from "../../generated/tasks.js";
import { extensionOf, mediaTypeFor, SNIFF_BYTES } from "../bytes/media.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { Answer } from "../http/answer.js";
import type { Api } from "../http/api.js";
import { openResult } from "../http/endpoints.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { readBlob, readBytes, readStream } from "./read.js";
import { setOrigin, type FileOrigin, type ResultFile } from "./result-file.js";
import { resultName } from "./result-name.js";
import { notAFile, retried } from "./retry.js";

/** Longest wait for a file's first bytes, in ms. */
const HEAD_TIMEOUT_MS = 15_000;

/**
 * All files of a task that is done, sorted by node and index.
 * @param run the tasks that were created together
 */
export async function resultFiles(
  api: Api,
  task: TaskSummary,
  run: readonly number[],
  signal?: AbortSignal,
): Promise<ResultFile[]> {
  // The server lists outputs in no particular order.
  const nodes = [...task.outputs].sort((a, b) => a.comfy_node_id - b.comfy_node_id);
  const found = await Promise.all(nodes.map((node) => filesOf(api, task, run, node, signal)));
  return found.flat();
}

/** The server's count of a node's files may be too high, so the first missing one ends the walk. */
async function filesOf(
  api: Api,
  task: TaskSummary,
  run: readonly number[],
  output: TaskOutput,
  signal?: AbortSignal,
): Promise<ResultFile[]> {
  const files: ResultFile[] = [];
  const limit = output.batch_size > 0 ? output.batch_size : Infinity;
  while (files.length < limit) {
    const index = files.length;
    const origin = originFor(api, task, run, output, index);
    const head = await retried(api.clock, () => headOf(api, origin, output, signal), signal);
    if (!head) break;
    files.push(fileFrom(origin, output, index, head));
  }
  return files;
}

function originFor(
  api: Api,
  task: TaskSummary,
  run: readonly number[],
  { comfy_node_id }: TaskOutput,
  index: number,
): FileOrigin {
  const { task_id } = task;
  return {
    task,
    run,
    clock: api.clock,
    transfers: api.transfers,
    open: async (stop, headers) => {
      const query = { task_id, node_id: comfy_node_id, batch_index: index };
      const answer = await openResult(api, query, stop, headers);
      if (!/html/.test(answer.headers.get("content-type") ?? "")) return answer;
      answer.discard();
      throw notAFile(task_id);
    },
  };
}

/** What the first bytes of a file tell. */
interface Head {
  readonly headers: Answer["headers"];
  readonly first: Uint8Array;
  readonly size: number | undefined;
}

/** Looks at the head of a file; undefined where there is none. */
async function headOf(
  api: Api,
  origin: FileOrigin,
  { batch_size: batchSize, file_size: nodeSize }: TaskOutput,
  signal: AbortSignal | undefined,
): Promise<Head | undefined> {
  const release = await api.transfers.take(signal);
  const stop = stopper(api.clock, [signal], HEAD_TIMEOUT_MS, REQUEST_TIMEOUT);
  try {
    const answer = await origin.open(stop.signal, { range: `bytes=0-${SNIFF_BYTES - 1}` });
    const { headers, status } = answer;
    const whole =
      // The server's own count, against which what comes is checked; of a node it is the sum.
      (batchSize === 1 && nodeSize > 0 && nodeSize) ||
      /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ||
      // Of a part, other origins are told its length only; of what is packed, nobody is.
      (status === 200 && !headers.get("content-encoding") && headers.get("content-length"));
    const first = await firstBytes(answer, stop.signal);
    return { headers, first, size: whole ? Number(whole) : undefined };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // Of a task that is gone, or from a proxy, a 404 does not mean that there are no more files.
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

/** Enough of an answer to recognise it; the rest is left. */
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

function fileFrom(
  origin: FileOrigin,
  { comfy_node_id: nodeId, type: kind, batch_size: batchSize }: TaskOutput,
  index: number,
  { headers, first, size }: Head,
): ResultFile {
  const { task_id: taskId, name: flow, input_params } = origin.task;
  const name = resultName({ taskId, nodeId, index, kind, headers, head: first });
  const seed = input_params["seed"];
  const file: ResultFile = {
    taskId,
    nodeId,
    index,
    kind,
    flow,
    seed: seed === undefined ? undefined : Number(seed),
    name,
    mediaType: mediaTypeFor(extensionOf(name)),
    size,
    // Errors come as rejections, also those of wrong options.
    stream: async (options) => Promise.resolve(readStream(file, options)),
    blob: (options) => readBlob(file, options),
    bytes: (options) => readBytes(file, options),
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
  setOrigin(file, origin);
  return file;
}

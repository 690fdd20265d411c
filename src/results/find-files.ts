/** Finds the files of a finished task. Reads only the head of each. */
import type { TaskOutput, TaskSummary } from "../../generated/tasks.js";
import { extensionOf, mediaTypeFor } from "../bytes/media.js";
import { VisionatrixError } from "../errors/errors.js";
import type { Api } from "../http/api.js";
import { openResult } from "../http/endpoints.js";
import { TimeLimit } from "../http/time-limit.js";
import { mapParallel } from "../time/parallel.js";
import { findHead, type Finding, type Head } from "./head.js";
import { readBlob, readBytes, readStream } from "./read.js";
import { setOrigin, type FileOrigin, type ResultFile } from "./result-file.js";
import { resultName } from "./result-name.js";
import { notAFile } from "./try-again.js";

/** Longest wait for a file's first bytes from a server with no history, in ms. */
const FIRST_MS = 15_000;

/** How to look for files. */
export interface FindOptions extends Finding {
  /** Longest outage of the server to wait out, in ms, both now and when the files are read. */
  readonly outageMs: number;
}

/**
 * All files of a finished task, sorted by node and index.
 * @param run ids of the tasks that were created together
 * @throws VisionatrixError `download_failed` after an outage, `not_a_file`, or the server's own error
 */
export async function resultFiles(
  api: Api,
  task: TaskSummary,
  run: readonly number[],
  options: FindOptions,
): Promise<ResultFile[]> {
  const limit = new TimeLimit(FIRST_MS);
  // The server lists outputs in no particular order.
  const nodes = [...task.outputs].sort((a, b) => a.comfy_node_id - b.comfy_node_id);
  const found = await mapParallel(nodes, async (output) => {
    const files: ResultFile[] = [];
    // The server's count of a node's files may be too high, so the first missing file ends the loop.
    const most = output.batch_size > 0 ? output.batch_size : Infinity;
    while (files.length < most) {
      const index = files.length;
      const origin = originFor(api, task, run, output, index, options.outageMs, limit);
      const head = await findHead(origin, output, options);
      if (!head) break;
      files.push(fileFrom(origin, output, index, head));
    }
    return files;
  });
  return found.flat();
}

function originFor(
  api: Api,
  task: TaskSummary,
  run: readonly number[],
  { comfy_node_id }: TaskOutput,
  index: number,
  outageMs: number,
  limit: TimeLimit,
): FileOrigin {
  const { task_id } = task;
  return {
    task,
    run,
    api,
    outageMs,
    limit,
    open: async (stop, headers) => {
      const query = { task_id, node_id: comfy_node_id, batch_index: index };
      const answer = await openResult(api, query, stop, headers);
      if (!/html/.test(answer.headers.get("content-type") ?? "")) return answer;
      answer.discard();
      throw notAFile(task_id);
    },
  };
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
    // Errors become rejections, including those for invalid options.
    stream: async (options) => Promise.resolve(readStream(file, options)),
    blob: (options) => readBlob(file, options),
    bytes: (options) => readBytes(file, options),
    text: async (options) => new TextDecoder().decode(await file.bytes(options)),
    is: (known): this is never => known === kind,
    reference: () => {
      if (batchSize > 1)
        throw new VisionatrixError(
          "ambiguous_reference",
          `Node ${nodeId} of task ${taskId} made ${batchSize} files, and a reference cannot pick one: pass the file's bytes (\`await file.blob()\`) instead.`,
          { taskIds: [taskId] },
        );
      return { task_id: taskId, node_id: nodeId, kind };
    },
  };
  setOrigin(file, origin);
  return file;
}

/** Files that tasks made. */
import type { TaskOutput } from "../generated/tasks.js";
import type { Context } from "./context.js";
import { HttpError, VisionatrixError } from "./errors.js";
import type { FileReference } from "./file-input.js";
import { resultName } from "./file-name.js";
import { extensionOf, mediaTypeFor, SNIFF_BYTES, type MediaKind } from "./media.js";

/** One file that a task made. Nothing but its first bytes is fetched until it is read. */
export interface ResultFile {
  readonly taskId: number;
  /** Id of the output node that made it. */
  readonly nodeId: number;
  /** Which file of the node, from 0. */
  readonly index: number;
  readonly kind: MediaKind;
  /** Name with the extension that fits the bytes; safe to use on every platform. */
  readonly name: string;
  readonly mediaType: string;
  /** In bytes; undefined where the server does not tell. */
  readonly size: number | undefined;
  /** Reads the file piece by piece. */
  stream(options?: { signal?: AbortSignal }): Promise<ReadableStream<Uint8Array>>;
  /** Reads the file into a `Blob` of its media type. */
  blob(options?: { signal?: AbortSignal }): Promise<Blob>;
  /** Reads the file into memory. */
  bytes(options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  /** Reads the file as UTF-8. */
  text(options?: { signal?: AbortSignal }): Promise<string>;
  /**
   * A value for a file parameter that points at this file, so that its bytes stay on the server.
   * @throws VisionatrixError `ambiguous_reference` for one file of several of a node, which the server
   * cannot address
   */
  reference(): FileReference<never>;
}

/** All files of a task that is done, sorted by node and index. */
export async function resultFiles(
  context: Context,
  taskId: number,
  outputs: readonly TaskOutput[],
  signal?: AbortSignal,
): Promise<ResultFile[]> {
  // The server lists outputs in no particular order.
  const nodes = [...outputs].sort((a, b) => a.comfy_node_id - b.comfy_node_id);
  const found = await Promise.all(nodes.map((node) => filesOf(context, taskId, node, signal)));
  return found.flat();
}

/** The server's count of a node's files may be too high, so the first missing one ends the walk. */
async function filesOf(
  context: Context,
  taskId: number,
  output: TaskOutput,
  signal?: AbortSignal,
): Promise<ResultFile[]> {
  const files: ResultFile[] = [];
  const limit = output.batch_size > 0 ? output.batch_size : Infinity;
  while (files.length < limit) {
    const file = await openFile(context, taskId, output, files.length, signal);
    if (!file) break;
    files.push(file);
  }
  return files;
}

/** Looks at the head of a file; undefined where there is none. */
async function openFile(
  { api }: Context,
  taskId: number,
  output: TaskOutput,
  index: number,
  signal?: AbortSignal,
): Promise<ResultFile | undefined> {
  const { comfy_node_id: nodeId, type: kind, batch_size: batchSize } = output;
  const address = { task_id: taskId, node_id: nodeId, batch_index: index };
  let head: Response;
  try {
    head = await api.result(address, {
      ...(signal && { signal }),
      headers: { range: `bytes=0-${SNIFF_BYTES - 1}` },
    });
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // An empty file has no first byte.
    if (error.status === 416) head = new Response(null, { headers: { "content-length": "0" } });
    else if (error.status === 404) return undefined;
    else throw error;
  }
  const reader = head.body?.getReader();
  const first = (await reader?.read())?.value ?? new Uint8Array();
  await reader?.cancel();
  const name = resultName({ taskId, nodeId, index, kind, headers: head.headers, head: first });
  const mediaType = mediaTypeFor(extensionOf(name));
  const whole =
    head.headers.get("content-range")?.split("/")[1] ?? head.headers.get("content-length");
  const read = async (options?: { signal?: AbortSignal }): Promise<Response> =>
    api.result(address, options ?? {});
  return {
    taskId,
    nodeId,
    index,
    kind,
    name,
    mediaType,
    size: whole ? Number(whole) : undefined,
    stream: async (options) => (await read(options)).body ?? new ReadableStream<Uint8Array>(),
    blob: async (options) =>
      new Blob([await (await read(options)).arrayBuffer()], { type: mediaType }),
    bytes: async (options) => new Uint8Array(await (await read(options)).arrayBuffer()),
    text: async (options) => (await read(options)).text(),
    reference: () => {
      if (batchSize > 1)
        throw new VisionatrixError(
          "ambiguous_reference",
          `Node ${nodeId} of task ${taskId} made ${batchSize} files, and a reference would mean any of them: pass the file's bytes (\`await file.blob()\`) instead.`,
          { taskIds: [taskId] },
        );
      return { task_id: taskId, node_id: nodeId, kind } as FileReference<never>;
    },
  };
}

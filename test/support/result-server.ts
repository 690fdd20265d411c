/** A server with one finished task. The test decides how it responds to requests for the task's files. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  /** Node and index of the file. */
  readonly file: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  /** Whether it asks only for the first bytes, to detect the file type. */
  readonly head: boolean;
  /** How many requests for more than the head of this file there were, including this one. */
  readonly nth: number;
}

export type Answer = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;

export interface ResultServer {
  readonly url: string;
  readonly asked: Asked[];
  /** Breaks all connections, closes the port, and listens on it again. */
  restart(): Promise<void>;
  close(): void;
}

/**
 * @param outputs number of files of each node, from node 1 on
 * @param fileSize the size that the server reports for each node's files
 */
export async function startResultServer(
  answer: Answer,
  outputs: readonly number[] = [1],
  fileSize = -1,
): Promise<ResultServer> {
  const asked: Asked[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    if (url.pathname.startsWith("/vapi/tasks/progress/")) {
      const headers = { "content-type": "application/json", "access-control-allow-origin": "*" };
      response.writeHead(200, headers).end(
        JSON.stringify({
          task_id: 7,
          progress: 100,
          error: "",
          name: "some_flow",
          input_params: { prompt: "a", seed: 5 },
          input_files: [],
          locked_at: null,
          execution_time: 1,
          group_scope: 1,
          outputs: outputs.map((batch_size, index) => ({
            comfy_node_id: index + 1,
            type: "image",
            file_size: fileSize,
            batch_size,
          })),
        }),
      );
      return;
    }
    const file = `${url.searchParams.get("node_id")}:${url.searchParams.get("batch_index")}`;
    const { range, "if-range": ifRange } = request.headers;
    const head = range === "bytes=0-63";
    const nth = (counts.get(file) ?? 0) + (head ? 0 : 1);
    counts.set(file, nth);
    const one: Asked = { file, range, ifRange: ifRange as string | undefined, head, nth };
    asked.push(one);
    answer(one, response, request);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    restart: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      server.listen(port, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface FileAnswer {
  etag?: string | undefined;
  /** Break the connection after this many bytes of the response. */
  cutAfter?: number | undefined;
  /** Called at that point, instead of breaking the connection. */
  onCut?: (() => void) | undefined;
  /** Ignore `Range`, as some proxies do. */
  noRange?: boolean | undefined;
  /** Send no length. */
  chunked?: boolean | undefined;
  headers?: Record<string, string>;
}

/** Responds with a file as the real server does, except for the given options. */
export function sendFile(
  { range, ifRange }: Asked,
  response: ServerResponse,
  bytes: Uint8Array,
  {
    etag = '"v1"',
    cutAfter,
    onCut = () => response.destroy(),
    noRange,
    chunked,
    headers,
  }: FileAnswer = {},
): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  const part = !noRange && first !== undefined && (ifRange === undefined || ifRange === etag);
  const start = part ? Number(first) : 0;
  const end = part && last ? Math.min(Number(last) + 1, bytes.length) : bytes.length;
  if (part && start >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  response.writeHead(part ? 206 : 200, {
    "content-type": "image/png",
    "content-disposition": 'attachment; filename="7_1_00001.png"',
    "accept-ranges": "bytes",
    ...(etag && { etag }),
    ...(!chunked && { "content-length": end - start }),
    ...(part && { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` }),
    ...headers,
  });
  const body = bytes.subarray(start, end);
  if (cutAfter === undefined || cutAfter >= body.length) response.end(body);
  else if (cutAfter === 0) {
    response.flushHeaders();
    setImmediate(onCut);
  } else response.write(body.subarray(0, cutAfter), onCut);
}

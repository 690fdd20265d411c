/** A server in a separate process: it accepts any create, and sends a large file for any result. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const SIZE = Number(process.argv[2]);
const block = Buffer.alloc(1024 * 1024, 7);

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://localhost");
  const json = (value: unknown): void => {
    response
      .writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" })
      .end(JSON.stringify(value));
  };
  if (pathname.includes("/create/"))
    request.on("data", () => undefined).on("end", () => json({ tasks_ids: [1], outputs: [] }));
  else if (pathname.includes("/progress/"))
    json({
      task_id: 1,
      progress: 100,
      error: "",
      name: "bench",
      input_params: {},
      input_files: [],
      locked_at: null,
      outputs: [{ comfy_node_id: 9, type: "video", file_size: SIZE, batch_size: 1 }],
    });
  else {
    const [, first = "0", last = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
    const end = last ? Math.min(SIZE, Number(last) + 1) : SIZE;
    response.writeHead(request.headers.range ? 206 : 200, {
      "content-type": "video/mp4",
      "content-length": end - Number(first),
      "access-control-allow-origin": "*",
      "content-range": `bytes ${first}-${end - 1}/${SIZE}`,
      etag: '"1"',
    });
    let left = end - Number(first);
    const more = (): void => {
      while (left > 0) {
        const piece = left < block.length ? block.subarray(0, left) : block;
        left -= piece.length;
        if (!response.write(piece)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  }
}).listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));

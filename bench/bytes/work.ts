/** One measured piece of work, in a separate process. Reports ms and the peak of its buffers. */
import { createWriteStream, openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { getHeapStatistics } from "node:v8";
import { createClient, defineFlow, fileInputs } from "visionatrix-client";
import { fileFromPath, saveFiles } from "visionatrix-client/node";

const [, , what = "", url = "", path = ""] = process.argv;
const flow = defineFlow<Record<string, unknown>>("bench", [{ name: "input_video", type: "file" }], {
  fileInputs,
});
const client = createClient({ baseUrl: url });

let peak = 0;
// Buffers are external memory; V8's own memory is not. `process.memoryUsage()` has the same number, but reads
// a system file each time.
const sampler = setInterval(() => {
  peak = Math.max(peak, getHeapStatistics().external_memory);
}, 20);

async function* pieces(): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    for (;;) {
      const chunk = new Uint8Array(64 * 1024);
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

const work: Record<string, () => Promise<unknown>> = {
  upload: async () => client.submit(flow, { input_video: await fileFromPath(path) }),
  stream: () => client.submit(flow, { input_video: pieces() }),
  /** The plain way to send a file, without this library. */
  default: async () => {
    const form = new FormData();
    form.append("input_video", await openAsBlob(path), "a.mp4");
    const response = await fetch(`${url}/vapi/tasks/create/bench`, { method: "PUT", body: form });
    await response.text();
  },
  /** The plain way to save one. */
  fetched: async () => {
    const { body } = await fetch(`${url}/vapi/tasks/results?task_id=1`);
    await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(path));
  },
  download: async () =>
    saveFiles((await client.task(1).result()).files, path, { collision: "overwrite" }),
};

const start = performance.now();
await work[what]?.();
const ms = performance.now() - start;
clearInterval(sampler);
process.send?.({ ms, peak, version: process.version }, () => process.disconnect());

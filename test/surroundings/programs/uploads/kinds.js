/** One file in every form that a file parameter accepts, and what the server received. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { fileFromPath } from "visionatrix-client/node";

const { VIX_URL, VIX_USERNAME, VIX_PASSWORD } = process.env;

export const client = createClient({
  baseUrl: VIX_URL,
  auth: { username: VIX_USERNAME, password: VIX_PASSWORD },
  poll: { minMs: 5, maxMs: 50 },
  retry: { budgetMs: 5_000 },
  fetchUrls: { allowPrivate: true },
});

/** A PNG of one pixel; each call returns a new copy. */
export const png = () =>
  Uint8Array.from(
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    ),
  );

export const hex = (bytes) => Buffer.from(bytes).toString("hex");

const streamOf = (bytes) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 10));
      controller.enqueue(bytes.subarray(10));
      controller.close();
    },
  });

const path = join(mkdtempSync(join(tmpdir(), "vix-upload-")), "one.png");
writeFileSync(path, png());

/** This environment's own classes may be rejected with a clear message; everything else must arrive. */
export const own = ["Blob", "File", "Response"];

export const kinds = {
  Blob: () => new Blob([png()], { type: "image/png" }),
  File: () => new File([png()], "one.png", { type: "image/png" }),
  ArrayBuffer: () => png().buffer,
  "typed array": () => png(),
  Buffer: () => Buffer.from(png()),
  ReadableStream: () => streamOf(png()),
  "Node Readable": () => Readable.from([Buffer.from(png())]),
  Response: () => new Response(png(), { headers: { "content-type": "image/png" } }),
  "data URL": () => `data:image/png;base64,${Buffer.from(png()).toString("base64")}`,
  url: async () => ({ url: await serve() }),
  fileFromPath: () => fileFromPath(path),
  reference: async () => ({ task_id: await upload(png()), input_index: 0 }),
};

export async function upload(input_image) {
  const run = await removeBackgroundBirefnet(client, { input_image });
  return run.tasks[0].id;
}

/** The input of a task, as the server has it; requested in a way that no test environment replaces. */
export function received(task) {
  const auth = `${VIX_USERNAME}:${VIX_PASSWORD}`;
  return new Promise((resolve, reject) => {
    get(`${VIX_URL}/vapi/tasks/inputs?task_id=${task}&input_index=0`, { auth }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve(hex(Buffer.concat(chunks))));
    }).on("error", reject);
  });
}

async function serve() {
  const server = createServer((_, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", "image/png");
    response.end(png());
  }).listen(0, "127.0.0.1");
  server.unref();
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${server.address().port}/one.png`;
}

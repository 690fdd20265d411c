/**
 * Reads result files in a real browser, across origins: as a `Blob`, as a stream, over broken connections.
 */
import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Client, ResultFile } from "visionatrix-client";
import type * as flows from "visionatrix-client/flows";
import { startStandin } from "visionatrix-standin";
import {
  CHROMIUM,
  loadInBrowser,
  NO_CHROMIUM,
  type BrowserProgram,
} from "../../support/browser.js";
import { resultServer, sendFile } from "../../support/results.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

/** The globals that the program below sets in the page. */
interface Library {
  createClient: (options: { baseUrl: string; poll?: { minMs: number } }) => Client;
  sdxlLighting: typeof flows.sdxlLighting;
  file: ResultFile;
  go: () => void;
}

const PROGRAM = `
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
Object.assign(globalThis, { createClient, sdxlLighting });
`;

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe.skipIf(!CHROMIUM)("in Chromium", () => {
  let program: BrowserProgram;
  beforeAll(async () => {
    program = await loadInBrowser(PROGRAM);
  });
  afterAll(() => program.close());

  async function open(): Promise<Page> {
    const page = await program.open();
    onTestFinished(() => page.close());
    return page;
  }

  /** A page with a result file of a stand-in, and the file's bytes. */
  async function withFile() {
    const standin = await startStandin({ speed: "instant", corsOrigins: [program.origin] });
    onTestFinished(() => standin.close());
    const page = await open();
    const { taskId, nodeId } = await page.evaluate(async (baseUrl) => {
      const library = globalThis as unknown as Library;
      const client = library.createClient({ baseUrl, poll: { minMs: 5 } });
      const { files } = await library.sdxlLighting(client, { prompt: "a" }).result();
      library.file = files[0] as ResultFile;
      return { taskId: library.file.taskId, nodeId: library.file.nodeId };
    }, standin.url);
    const results = `${standin.url}/vapi/tasks/results?task_id=${taskId}&node_id=${nodeId}`;
    const whole = new Uint8Array(await (await fetch(results)).arrayBuffer());
    standin.clearRequests();
    const ranges = () =>
      standin.requests
        .filter(({ endpoint, method }) => endpoint === "results" && method === "GET")
        .map(({ headers }) => headers["range"]);
    return { standin, page, whole, ranges };
  }

  it.each<[string, () => Promise<number[]>]>([
    [
      "a Blob",
      async () => {
        const blob = await (globalThis as unknown as Library).file.blob();
        return [...new Uint8Array(await blob.arrayBuffer())];
      },
    ],
    [
      "a file of the origin's own, by its WritableStream",
      async () => {
        const folder = await navigator.storage.getDirectory();
        const target = await folder.getFileHandle("a.png", { create: true });
        const { file } = globalThis as unknown as Library;
        await (await file.stream()).pipeTo(await target.createWritable());
        return [...new Uint8Array(await (await target.getFile()).arrayBuffer())];
      },
    ],
  ])("a file is read into %s, and taken up where it was cut", async (_, read) => {
    const { standin, page, whole, ranges } = await withFile();
    const at = Math.floor(whole.length / 3);
    standin.addFaults({ on: "results", times: 1, do: "cut", at });
    expect(digest(Uint8Array.from(await page.evaluate(read)))).toBe(digest(whole));
    const [first, rest, ...more] = ranges();
    expect([first, more]).toEqual([undefined, []]);
    // Browsers may lose the last bytes before the cut.
    const start = Number(/^bytes=(\d+)-$/.exec(rest ?? "bytes=0-")?.[1]);
    expect(start).toBeLessThanOrEqual(at);
  });

  it("a large file is read with back pressure, and not held in memory", async () => {
    const size = 300_000_000;
    const block = new Uint8Array(1_000_000).fill(7);
    let sent = 0;
    const server = await resultServer(
      (asked, response) => {
        const cors = { "access-control-allow-origin": program.origin };
        if (asked.head) {
          sendFile(asked, response, block, { headers: cors });
          return;
        }
        response.writeHead(200, { ...cors, "content-length": size });
        const more = () => {
          while (sent < size) {
            sent += block.length;
            if (!response.write(block)) {
              response.once("drain", more);
              return;
            }
          }
          response.end();
        };
        more();
      },
      { fileSize: size },
    );
    const page = await open();
    const reading = page.evaluate(async (baseUrl) => {
      const library = globalThis as unknown as Library;
      const { files } = await library.createClient({ baseUrl }).task(7).result();
      let taken = 0;
      const held = new Promise<void>((resolve) => (library.go = resolve));
      const stream = await (files[0] as ResultFile).stream();
      await stream.pipeTo(
        new WritableStream({
          async write(chunk: Uint8Array) {
            if (taken === 0) await held;
            taken += chunk.length;
          },
        }),
      );
      return taken;
    }, server.url);
    reading.catch(() => undefined);
    await expect.poll(() => sent > 0).toBe(true);
    // Only as much is sent as the system and the browser buffer.
    let before = -1;
    await expect.poll(() => before === (before = sent), { interval: 200 }).toBe(true);
    expect(sent).toBeLessThan(size / 2);
    await page.evaluate(() => (globalThis as unknown as Library).go());
    expect(await reading).toBe(size);
  });
});

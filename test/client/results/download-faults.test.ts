/** A result file under every fault, over real HTTP: all its bytes, or an error that says why and no file. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AbortError, VisionatrixError, type ResultFile } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles } from "visionatrix-client/node";
import type { FaultAction } from "visionatrix-standin";
import { download } from "../../../src/results/download.js";
import type { ReadOptions } from "../../../src/results/result-file.js";
import { resultServer, sendFile } from "../../support/results.js";
import { standinWithClient } from "../../support/standin.js";

/** The fault of one request for the file, and the error that follows, if any. */
const FAULTS: Record<string, [FaultAction, ends?: string | undefined, streamEnds?: string]> = {
  "connection refused": [{ do: "refuse" }],
  "reset before the answer": [{ do: "reset-before-body" }],
  "reset after the work was done": [{ do: "reset-after-accept" }],
  "slow drip": [{ do: "slow", bytesPerSecond: 200_000 }],
  "401": [{ do: "status", status: 401 }],
  "404 of a proxy": [{ do: "status", status: 404, body: "<title>Not here</title>" }],
  "404 of the server": [{ do: "status", status: 404, body: { detail: "Not Found" } }, "not_found"],
  "429": [{ do: "status", status: 429, retryAfter: 0 }],
  "bare 500": [{ do: "bare-500" }],
  "502": [{ do: "status", status: 502 }],
  "503": [{ do: "status", status: 503, retryAfter: 0 }],
  "504": [{ do: "status", status: 504 }],
  "HTML with 200": [{ do: "html" }],
  "cut after the first byte": [{ do: "cut", at: 1 }],
  "cut half-way": [{ do: "cut" }],
  "cut before the last byte": [{ do: "cut", at: -1 }],
  "cut that claims to be whole": [{ do: "cut", quiet: true }],
  // Bytes that a stream has delivered cannot be taken back.
  "JSON in place of the file": [{ do: "wrong-json" }, undefined, "download_changed"],
  "connection closed after the answer": [{ do: "drop-connection" }],
  "server restarted": [{ do: "restart-server" }],
  "server restarted after a while": [{ do: "restart-server", downMs: 20 }],
};

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-faults-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const save = async (file: ResultFile, dir: string) =>
  readFile((await saveFiles([file], dir))[0] as string);

vi.mock("../../../src/time/clock.js", async (original) =>
  (await import("../../support/hurried-clock.js")).hurried(original),
);

describe.each(Object.entries(FAULTS))("%s", (_name, [fault, end, streamEnd]) => {
  it.each<[string, (file: ResultFile, dir: string) => Promise<Uint8Array>]>([
    ["read", (file) => file.bytes()],
    [
      "streamed",
      async (file) => new Uint8Array(await new Response(await file.stream()).arrayBuffer()),
    ],
    ["saved", save],
  ])("while it is %s", async (how, read) => {
    const ends = how === "streamed" ? (streamEnd ?? end) : end;
    const { standin, client } = await standinWithClient({ maxPictureSide: 64 });
    const [file] = (await sdxlLighting(client, { prompt: "a" }).result()).files;
    const whole = await file!.bytes();
    standin.clearRequests();
    standin.addFaults({ on: "results", times: 1, ...fault });
    const dir = await folder();
    const outcome = await read(file!, dir).then(digest, (error: unknown) => error);
    if (ends === undefined) expect(outcome).toBe(digest(whole));
    else {
      expect(outcome).toBeInstanceOf(VisionatrixError);
      expect(outcome).toMatchObject({ code: ends });
      expect(await readdir(dir)).toEqual([]);
    }
    expect(standin.requests.filter(({ fault: struck }) => struck)).toHaveLength(1);
  });
});

describe("a server that restarts in the middle of a file", () => {
  it.each([
    ["a small file", 200_000],
    ["a large file", 9_000_000],
  ])("loses nothing of %s", async (_, size) => {
    const bytes = new Uint8Array(size).map((_byte, index) => (index * 7919) % 251);
    const restarts: Promise<void>[] = [];
    const server = await resultServer((asked, response) => {
      const onCut = () => void restarts.push(server.restart());
      const cut = !asked.head && asked.nth <= 3;
      sendFile(asked, response, bytes, cut ? { cutAfter: size / 5, onCut } : {});
    });
    const [file] = await server.files();
    const dir = await folder();
    expect(digest(await save(file!, dir))).toBe(digest(bytes));
    expect(await Promise.all(restarts)).toHaveLength(3);
    expect(await readdir(dir)).toHaveLength(1);
    // Each retry starts where the connection broke.
    const starts = server.asked
      .filter(({ head }) => !head)
      .map(({ range }) => Number(/\d+/.exec(range ?? "bytes=0-")?.[0]));
    expect(starts.slice(0, 4)).toEqual([...new Set(starts.slice(0, 4))].sort((x, y) => x - y));
  });
});

it("a large file becomes a Blob piece by piece, restarted where it cannot be continued", async () => {
  const bytes = new Uint8Array(30_000_000).map((_byte, index) => (index * 7919) % 251);
  const server = await resultServer((asked, response) => {
    if (asked.head) sendFile(asked, response, bytes);
    else
      sendFile(asked, response, bytes, {
        noRange: true,
        etag: `"${asked.nth}"`,
        cutAfter: [20_000_000, 29_000_000][asked.nth - 1],
      });
  });
  const [file] = await server.files();
  const blob = await file!.blob();
  expect(blob.type).toBe("image/png");
  expect(digest(new Uint8Array(await blob.arrayBuffer()))).toBe(digest(bytes));
  expect(server.asked.filter(({ head }) => !head)).toHaveLength(3);
});

/** Collects garbage, including signals of requests that only `fetch` holds. */
const collect = (() => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

describe("a server that falls silent in the middle of an answer", () => {
  const bytes = new Uint8Array(200_000).map((_byte, index) => (index * 7919) % 251);
  const silent = (until = Infinity) =>
    resultServer((asked, response) =>
      sendFile(asked, response, bytes, {
        ...(!asked.head && asked.nth <= until && { cutAfter: 66_000, onCut: () => undefined }),
      }),
    );
  /** Resolves after bytes have arrived, and then garbage has been collected. */
  const started = async (loaded: () => number) => {
    await expect.poll(() => loaded() >= 66_000).toBe(true);
    collect();
  };

  it.each<[string, (file: ResultFile, options: ReadOptions, dir: string) => Promise<unknown>]>([
    ["read", (file, options) => file.bytes(options)],
    ["streamed", async (file, options) => new Response(await file.stream(options)).arrayBuffer()],
    [
      "saved",
      (file, { signal, onProgress }, dir) => saveFiles([file], dir, { signal, onProgress }),
    ],
  ])("can be left while its file is %s", async (_, read) => {
    const server = await silent();
    const [file] = await server.files();
    const stop = new AbortController();
    let loaded = 0;
    const onProgress = (progress: { loaded: number }) => (loaded = progress.loaded);
    const dir = await folder();
    const reading = read(file!, { signal: stop.signal, onProgress }, dir);
    reading.catch(() => undefined);
    await started(() => loaded);
    stop.abort();
    await expect(reading).rejects.toThrow(AbortError);
    expect(await readdir(dir)).toEqual([]);
  });

  it("is asked again", async () => {
    const server = await silent(1);
    const [file] = await server.files();
    let loaded = 0;
    const whole = (async () => {
      const pieces: Uint8Array[] = [];
      const onProgress = (progress: { loaded: number }) => (loaded = progress.loaded);
      for await (const piece of download(file!, { idleMs: 6000, onProgress })) pieces.push(piece);
      return Buffer.concat(pieces);
    })();
    await started(() => loaded);
    expect(digest(await whole)).toBe(digest(bytes));
    expect(server.asked.at(-1)).toMatchObject({ range: "bytes=66000-", nth: 2 });
  });

  it("gets no more requests once its stream is cancelled", async () => {
    const server = await silent();
    const [file] = await server.files();
    const reader = (await file!.stream()).getReader();
    let loaded = 0;
    while (loaded < 66_000) loaded += (await reader.read()).value!.length;
    const waiting = reader.read();
    collect();
    const before = server.asked.length;
    await reader.cancel();
    expect((await waiting).done).toBe(true);
    expect(server.asked).toHaveLength(before);
  });

  it("can be left before a file is known", async () => {
    let asked = false;
    const server = await resultServer((_asked, response) => {
      response.writeHead(206, { "content-length": 64, "content-range": "bytes 0-63/5000" });
      response.flushHeaders();
      asked = true;
    });
    const stop = new AbortController();
    const result = server.client.task(7).result({ signal: stop.signal });
    result.catch(() => undefined);
    await expect.poll(() => asked).toBe(true);
    // The headers must arrive before they are read.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    collect();
    stop.abort();
    await expect(result).rejects.toThrow(AbortError);
  });
});

describe("a server that sends neither size nor version", () => {
  it("is asked for the whole file when the rest is useless", async () => {
    const bytes = new Uint8Array(200_000).map((_byte, index) => (index * 7919) % 251);
    const server = await resultServer(
      (asked, response) =>
        sendFile(asked, response, bytes, {
          chunked: true,
          etag: "",
          ...(!asked.head && asked.nth === 1 && { cutAfter: 70_000 }),
          ...(asked.head && { headers: { "content-range": "bytes 0-63/*" } }),
        }),
      [2],
    );
    const [file] = await server.files();
    expect(file!.size).toBeUndefined();
    expect(digest(await file!.bytes())).toBe(digest(bytes));
    const dir = await folder();
    expect(digest(await save(file!, dir))).toBe(digest(bytes));
  });
});

describe("a 404", () => {
  it.each([
    ["task_not_found", "of a task", '{"detail":"Task `7` was not found."}', "application/json"],
    ["download_failed", "of a proxy", "<title>Not here</title>", "text/html"],
  ])("%s %s is no end of the files", async (code, _, body, type) => {
    const server = await resultServer(
      (asked, response) => {
        if (asked.file === "1:0") sendFile(asked, response, new Uint8Array(100));
        else response.writeHead(404, { "content-type": type }).end(body);
      },
      { outputs: [3], outageMs: 12_000 },
    );
    await expect(server.files()).rejects.toMatchObject({ code });
  });
});

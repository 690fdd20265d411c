/** Large files that are saved by `node:http`: like any other as far as one can tell. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createClient, type ClientOptions, type ResultFile } from "visionatrix-client";
import { saveFiles } from "visionatrix-client/node";
import { resultServer, sendFile, type Answer, type FileAnswer } from "../support/results.js";

const BYTES = new Uint8Array(9_000_000).map((_, index) => (index * 7919) % 251);
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const DIGEST = digest(BYTES);

afterEach(() => void vi.restoreAllMocks());

/** A server of one large file, and what it was sent when asked for it. */
async function large(
  answer: FileAnswer | Answer = {},
  options: Partial<ClientOptions> = {},
): Promise<{ file: ResultFile; dir: string; seen: IncomingHttpHeaders[] }> {
  const dir = await mkdtemp(join(tmpdir(), "vix-direct-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const seen: IncomingHttpHeaders[] = [];
  const server = await resultServer((asked, response, request) => {
    if (asked.head) {
      sendFile(asked, response, BYTES);
      return;
    }
    seen.push(request.headers);
    if (typeof answer === "function") answer(asked, response, request);
    else sendFile(asked, response, BYTES, answer);
  });
  const client = createClient({ baseUrl: server.url, ...options });
  const [file] = (await client.task(7).result()).files;
  return { file: file!, dir, seen };
}

/** Node's `fetch` asks for packed answers; what goes around it does not. */
const byFetch = ({ "accept-encoding": packed }: IncomingHttpHeaders) => packed !== "identity";

const saved = async (file: ResultFile, dir: string) =>
  digest(await readFile((await saveFiles([file], dir))[0]!));

describe("a large file", () => {
  it("is saved without fetch, with all that the client sends", async () => {
    const { file, dir, seen } = await large(
      {},
      { auth: { username: "ann", password: "secret" }, headers: { "x-proxy": "yes" } },
    );
    expect(await saved(file, dir)).toBe(DIGEST);
    expect(seen.map(byFetch)).toEqual([false]);
    expect(seen[0]).toMatchObject({
      authorization: `Basic ${btoa("ann:secret")}`,
      "x-proxy": "yes",
    });
  });

  it("is the same wherever connections break", async () => {
    vi.spyOn(Math, "random").mockReturnValue(-0.99);
    let cuts: number[] = [];
    const { file, dir, seen } = await large((asked, response) =>
      sendFile(asked, response, BYTES, { cutAfter: cuts.shift() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: BYTES.length / 3 }), { maxLength: 3 }),
        async (where) => {
          cuts = [...where];
          expect(await saved(file, dir)).toBe(DIGEST);
        },
      ),
      { numRuns: 15 },
    );
    expect(seen.some(byFetch)).toBe(false);
    expect(seen.some((headers) => headers.range && headers["if-range"] === '"v1"')).toBe(true);
  });

  it.each<[string, Answer]>([
    ["502", (_, response) => response.writeHead(502).end()],
    ["reset", (_, response) => response.destroy()],
  ])("survives a passing %s", async (_, trouble) => {
    vi.spyOn(Math, "random").mockReturnValue(-0.99);
    let asked = 0;
    const { file, dir } = await large((one, response, request) => {
      if (++asked <= 4) trouble(one, response, request);
      else sendFile(one, response, BYTES);
    });
    expect(await saved(file, dir)).toBe(DIGEST);
  });

  it("is unpacked where a proxy packed it", async () => {
    const { file, dir, seen } = await large((_, response) =>
      response
        .writeHead(200, { "content-encoding": "gzip", etag: '"v1"' })
        .end(gzipSync(BYTES, { level: 1 })),
    );
    expect(await saved(file, dir)).toBe(DIGEST);
    expect(seen.map(byFetch)).toEqual([false, true]);
  });

  it("follows no redirect, which would take the credentials along", async () => {
    const { file, dir } = await large((_, response) =>
      response.writeHead(302, { location: "http://elsewhere.example/" }).end(),
    );
    await expect(saved(file, dir)).rejects.toMatchObject({ code: "redirected" });
    expect(await readdir(dir)).toEqual([]);
  });

  it("stops at once, and lets go of the server", async () => {
    let closed: () => void;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const { file, dir } = await large((_, response) => {
      response.on("close", () => closed());
      response.writeHead(200, { "content-length": BYTES.length, etag: '"v1"' });
      response.write(BYTES.subarray(0, 100_000));
    });
    const stop = new AbortController();
    let start = 0;
    const onProgress = () => {
      setImmediate(() => {
        start = performance.now();
        stop.abort("enough");
      });
    };
    const call = saveFiles([file], dir, { signal: stop.signal, onProgress });
    await expect(call).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(performance.now() - start).toBeLessThan(50);
    await gone;
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("fetch is kept where somebody could tell the difference:", () => {
  it("middleware, which sees every request", async () => {
    const paths: string[] = [];
    const { file, dir, seen } = await large(
      {},
      {
        middleware: [
          (request, next) => {
            paths.push(new URL(request.url).pathname);
            return next(request);
          },
        ],
      },
    );
    expect(await saved(file, dir)).toBe(DIGEST);
    expect(seen.map(byFetch)).toEqual([true]);
    expect(paths).toHaveLength(3);
  });

  it("a fetch of the caller", async () => {
    const { file, dir, seen } = await large({}, { fetch: (request) => fetch(request) });
    expect(await saved(file, dir)).toBe(DIGEST);
    expect(seen.map(byFetch)).toEqual([true]);
  });

  it("a global fetch that was replaced", async () => {
    const original = globalThis.fetch;
    const { file, dir, seen } = await large();
    const replaced = vi
      .spyOn(globalThis, "fetch")
      .mockImplementation((...args) => original(...args));
    expect(await saved(file, dir)).toBe(DIGEST);
    expect(seen.map(byFetch)).toEqual([true]);
    expect(replaced).toHaveBeenCalledOnce();
  });

  it("an agent for all requests, such as a proxy's", async () => {
    const { file, dir, seen } = await large();
    const all = globalThis as unknown as Record<
      symbol,
      { dispatch: (...args: object[]) => boolean }
    >;
    const key = Symbol.for("undici.globalDispatcher.1");
    const original = all[key]!;
    class Agent {
      dispatch = (...args: object[]) => original.dispatch(...args);
    }
    all[key] = new Agent();
    onTestFinished(() => void (all[key] = original));
    expect(await saved(file, dir)).toBe(DIGEST);
    expect(seen.map(byFetch)).toEqual([true]);
  });
});

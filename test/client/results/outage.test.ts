/** Results during an outage: reads wait, as tasks do, and continue where they stopped. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ResultFile, VisionatrixError } from "visionatrix-client";
import { saveFiles } from "visionatrix-client/node";
import { HttpError, InvalidResponseError } from "../../../src/errors/request-errors.js";
import { createPatience, TRIES } from "../../../src/results/patience.js";
import type { ReadOptions, ReadProgress } from "../../../src/results/result-file.js";
import { resultServer, sendFile, type Answer } from "../../support/results.js";

vi.mock("../../../src/time/clock.js", async (original) =>
  (await import("../../support/hurried-clock.js")).hurried(original),
);

const BYTES = new Uint8Array(200_000).map((_, index) => (index * 7919) % 251);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-outage-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const OUTAGES: [string, Answer][] = [
  ["503", (_, response) => response.writeHead(503).end()],
  ["429", (_, response) => response.writeHead(429, { "retry-after": "1" }).end()],
  ["408", (_, response) => response.writeHead(408).end()],
  ["no answer", (_, response) => response.destroy()],
];

/** Failures in a row; fewer already end a read without an outage. */
const LONG = TRIES + 2;

describe.each(OUTAGES)("an outage: %s", (_, out) => {
  it.each<[string, (file: ResultFile, options: ReadOptions, dir: string) => Promise<Uint8Array>]>([
    ["read", (file, options) => file.bytes(options)],
    [
      "streamed",
      async (file, options) =>
        new Uint8Array(await new Response(await file.stream(options)).arrayBuffer()),
    ],
    [
      "saved",
      async (file, options, dir) => readFile((await saveFiles([file], dir, options))[0] as string),
    ],
  ])("in the middle of a file that is %s", async (_how, read) => {
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    const server = await resultServer(
      (asked, response, request) => {
        if (asked.nth === 1 && !asked.head) sendFile(asked, response, BYTES, { cutAfter: 66_000 });
        else if (asked.nth > 1 && asked.nth <= LONG) out(asked, response, request);
        else sendFile(asked, response, BYTES);
      },
      { logger: { ...console, debug: () => undefined, warn } },
    );
    const [file] = await server.files();
    const seen: ReadProgress[] = [];
    const dir = await folder();
    const onProgress = (progress: ReadProgress) => void seen.push(progress);
    const bytes = await read(file as ResultFile, { onProgress }, dir);
    expect(Buffer.from(bytes).equals(BYTES)).toBe(true);
    const troubles = seen.filter(({ trouble }) => trouble);
    expect(troubles).toHaveLength(LONG);
    // Bytes that arrived while the file was opened may be lost with the connection, and are requested again.
    const loaded = troubles[0]?.loaded ?? 0;
    expect(loaded).toBeGreaterThan(0);
    expect(troubles.every((each) => each.loaded === loaded)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ loaded: BYTES.length });
    expect(seen.at(-1)?.trouble).toBeUndefined();
    expect(warnings).toHaveLength(LONG);
    expect(warnings[0]).toMatch(
      /^reading 7_1_00001\.png of task 7 \(received \d+ of 200000 bytes\): The connection broke/,
    );
    // All but the first ask for the rest.
    expect(new Set(server.asked.filter(({ head }) => !head).map(({ range }) => range))).toEqual(
      new Set([undefined, `bytes=${loaded}-`]),
    );
  });

  it("before a file is known", async () => {
    let heads = 0;
    const warnings: string[] = [];
    const server = await resultServer(
      (asked, response, request) => {
        if (++heads <= LONG) out(asked, response, request);
        else sendFile(asked, response, BYTES);
      },
      { logger: { ...console, debug: () => undefined, warn: (text) => void warnings.push(text) } },
    );
    const troubles: (VisionatrixError | undefined)[] = [];
    const { files } = await server.client
      .task(7)
      .result({ onProgress: ({ trouble }) => void troubles.push(trouble) });
    expect(files).toHaveLength(1);
    expect(troubles.filter(Boolean)).toHaveLength(LONG);
    expect(troubles.at(-1)).toBeUndefined();
    expect(warnings).toHaveLength(LONG);
  });
});

describe("an outage that lasts", () => {
  it("ends the look at a file with an error that says how to go on", async () => {
    const server = await resultServer((_, response) => response.writeHead(503).end(), {
      outageMs: 12_000,
    });
    await expect(server.files()).rejects.toMatchObject({
      code: "download_failed",
      taskIds: [7],
      cause: { status: 503 },
      message: expect.stringMatching(
        /^a file of task 7 could not be read: the server was down for 12 s\. .* It stays on the server: read it again later\.$/,
      ) as string,
    });
  });

  it("ends a save, which leaves nothing", async () => {
    const server = await resultServer(
      (asked, response) => {
        if (asked.head) sendFile(asked, response, BYTES);
        else if (asked.nth === 1) sendFile(asked, response, BYTES, { cutAfter: 66_000 });
        else response.destroy();
      },
      { outageMs: 8_000 },
    );
    const dir = await folder();
    await expect(saveFiles(await server.files(), dir)).rejects.toMatchObject({
      code: "download_failed",
      message: expect.stringMatching(
        / \(received [1-9]\d* of 200000 bytes\) could not be read: the server was down for 8 s/,
      ) as string,
    });
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("a server that is slow to show a file", () => {
  it("gets more time with each try", async () => {
    const gaps: number[] = [];
    let last = 0;
    const server = await resultServer((asked, response) => {
      const now = performance.now();
      if (last) gaps.push((now - last) * 20);
      last = now;
      if (gaps.length === 2) sendFile(asked, response, BYTES);
    });
    expect(await server.files()).toHaveLength(1);
    // Timeouts of 15 s and 30 s, plus the pauses.
    expect(gaps[0]).toBeGreaterThan(14_000);
    expect(gaps[1]).toBeGreaterThan(28_000);
  });
});

describe("patience", () => {
  const facts = { method: "GET", path: "/" };
  const out = new HttpError("busy", "", facts, { status: 503, detail: "" });
  const useless = new InvalidResponseError("not_a_file", "", facts);

  it("lasts for the outage and no longer, with pauses that grow to 5 s", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600_000 }),
        fc.array(
          fc.record({
            took: fc.nat(20_000),
            random: fc.double({ min: 0, max: 0.999, noNaN: true }),
          }),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        (outageMs, tries) => {
          const patience = createPatience(outageMs);
          const start = tries[0]?.took ?? 0;
          let now = 0;
          for (let nth = 0; nth < 5000; nth++) {
            const { took, random } = tries[nth % tries.length] as (typeof tries)[number];
            now += took;
            const next = patience.failed(out, now, random);
            if (typeof next === "string") {
              expect(now - start).toBeGreaterThanOrEqual(outageMs);
              return;
            }
            expect(now - start).toBeLessThan(outageMs);
            expect(next).toBeGreaterThan(0);
            expect(next).toBeLessThanOrEqual(5000);
            now += next;
          }
          throw new Error("it never ended");
        },
      ),
    );
  });

  it("is short with answers that are of no use, unless new bytes come in between", () => {
    const patience = createPatience(300_000);
    for (let round = 0; round < 3; round++) {
      for (let tries = 1; tries < TRIES; tries++)
        expect(typeof patience.failed(useless, 0, 0)).toBe("number");
      patience.progress();
    }
    for (let tries = 0; tries < TRIES; tries++) patience.failed(useless, 0, 0);
    expect(patience.failed(out, 0, 0)).toBeTypeOf("number");
    expect(patience.failed(useless, 0, 0)).toBe("5 responses brought no new bytes");
  });

  it("waits as long as the server asks for, up to 30 s", () => {
    const asked = (retryAfterMs: number) =>
      createPatience(300_000).failed(
        new HttpError("busy", "", facts, { status: 503, detail: "", retryAfterMs }),
        0,
        0,
      );
    expect(asked(20_000)).toBe(20_000);
    expect(asked(3_600_000)).toBe(30_000);
  });
});

/** Result files: which exist, and how they are read over connections that break. */
import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { continuation } from "../../../src/results/continuation.js";
import { resultServer, sendFile, type Answer } from "../../support/results.js";
import { standinWithClient } from "../../support/standin.js";
import { photoStickers } from "visionatrix-client/flows/photo_stickers";
import { fileFromPath } from "visionatrix-client/node";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

const BYTES = new Uint8Array(5000).map((_, index) =>
  index < 8 ? ([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10][index] as number) : (index * 7919) % 251,
);
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Retries without waiting. */
vi.mock("../../../src/time/clock.js", async (original) =>
  (await import("../../support/hurried-clock.js")).hurried(original),
);

describe("the files of a task", () => {
  it("are those of all nodes and tasks, in order", async () => {
    const { client } = await standinWithClient({
      faults: [{ on: "progress", do: "shuffle-outputs" }],
    });
    const picture = await fileFromPath("examples/still-life.jpg");
    const { files } = await photoStickers(client, { person_face: picture }).result();
    expect(files.length).toBe(4);
    expect(files.map(({ nodeId }) => nodeId)).toEqual(
      files.map(({ nodeId }) => nodeId).sort((a, b) => a - b),
    );
    const several = await sdxlLighting(client, { prompt: "a", count: 2, seed: 5 }).result();
    expect(several.files.map(({ flow, seed }) => [flow, seed])).toEqual([
      ["sdxl_lighting", 5],
      ["sdxl_lighting", 6],
    ]);
  });

  it("end where the server has no more, whatever it counted", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "phantom-file" }] });
    const { files } = await sdxlLighting(client, { prompt: "a" }).result();
    expect(files).toHaveLength(1);
    const server = await resultServer(
      (asked, response) => {
        if (asked.file === "1:2")
          response
            .writeHead(404, { "content-type": "application/json" })
            .end('{"detail":"Missing result"}');
        else sendFile(asked, response, BYTES);
      },
      [-1],
    );
    expect(await server.files()).toHaveLength(2);
  });

  it("are recognised without a useful media type", async () => {
    const { client } = await standinWithClient({
      faults: [{ on: "results", do: "no-media-type" }],
    });
    const { files } = await sdxlLighting(client, { prompt: "a" }).result();
    expect(files[0]).toMatchObject({ kind: "image", mediaType: "image/png" });
    expect(files[0]?.name).toMatch(/^\d+_\d+_00001\.png$/);
  });

  it("are recognised when their first bytes come one by one", async () => {
    const server = await resultServer((asked, response) => {
      if (!asked.head) return;
      response.writeHead(206, { "content-range": `bytes 0-63/${BYTES.length}` });
      let at = 0;
      const next = (): void => {
        if (at < 64) response.write(BYTES.subarray(at, ++at), () => setImmediate(next));
        else response.end();
      };
      next();
    });
    expect((await server.files())[0]).toMatchObject({ name: "7_1_0.png", size: BYTES.length });
  });

  it("may be empty", async () => {
    const server = await resultServer((asked, response) =>
      sendFile(asked, response, new Uint8Array()),
    );
    const [file] = await server.files();
    expect(file?.size).toBe(0);
    expect(await file?.bytes()).toEqual(new Uint8Array());
  });

  it.each<[string, Answer]>([
    ["502", (_, response) => response.writeHead(502).end("Bad Gateway")],
    ["bare 500", (_, response) => response.writeHead(500).end("Internal Server Error")],
    ["429", (_, response) => response.writeHead(429, { "retry-after": "0" }).end()],
    [
      "HTML",
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    ],
    ["reset", (_, response) => response.destroy()],
  ])("are found after a passing trouble: %s", async (_, trouble) => {
    let asked = 0;
    const server = await resultServer((one, response, request) => {
      if (++asked <= 2) trouble(one, response, request);
      else sendFile(one, response, BYTES);
    });
    expect((await server.files())[0]?.size).toBe(BYTES.length);
  });
});

/** The error after an outage that was too long. */
const OUT =
  /^7_1_00001\.png of task 7 \(received 0 of 5000 bytes\) could not be read: the server was down for 12 s\. .* It stays on the server: read it again later\.$/;

describe("continuation", () => {
  const shown = (start: number, version: string | undefined = "a") => ({
    status: 206,
    version,
    start,
    total: 9,
  });
  it.each([
    ["go on", 0, undefined, shown(0)],
    ["go on", 4, "a", shown(4)],
    ["skip", 4, "a", shown(0)],
    ["skip", 4, "a", shown(2)],
    ["restart", 4, "a", shown(6)],
    ["restart", 4, "b", shown(4)],
    ["restart", 4, undefined, { ...shown(4), version: undefined }],
  ] as const)("says %s", (expected, have, version, answer) => {
    expect(continuation(have, version, answer)).toBe(expected);
  });
});

describe("reading a file", () => {
  it("gives the same bytes wherever connections break", async () => {
    let cuts: (number | undefined)[] = [];
    const behaviour = { noRange: false, chunked: false };
    const server = await resultServer((asked, response) =>
      sendFile(asked, response, BYTES, asked.head ? {} : { ...behaviour, cutAfter: cuts.shift() }),
    );
    const [file] = await server.files();
    if (!file) throw new Error("no file");
    const expected = digest(BYTES);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: BYTES.length - 1 }), { maxLength: 4 }),
        fc.boolean(),
        async (where, noRange) => {
          // Without ranges, only bytes beyond the earlier ones count as progress.
          cuts = noRange ? where.sort((a, b) => a - b) : where;
          behaviour.noRange = noRange;
          expect(digest(await file.bytes())).toBe(expected);
          cuts = [...where];
          const streamed = new Response(await file.stream());
          expect(digest(new Uint8Array(await streamed.arrayBuffer()))).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("asks only for the rest, and only of the same file", async () => {
    const server = await resultServer((asked, response) =>
      sendFile(asked, response, BYTES, asked.nth === 1 && !asked.head ? { cutAfter: 3000 } : {}),
    );
    const [file] = await server.files();
    await file?.bytes();
    expect(server.asked.slice(1).map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [undefined, undefined],
      ["bytes=3000-", '"v1"'],
    ]);
  });

  it("starts again when the file is another one, or tells the reader of a stream", async () => {
    const other = BYTES.map((byte) => byte ^ 1);
    const server = await resultServer((asked, response) => {
      if (asked.head || asked.nth % 2 === 1)
        sendFile(asked, response, BYTES, asked.head ? {} : { cutAfter: 3000 });
      else sendFile(asked, response, other, { etag: '"v2"' });
    });
    const [file] = await server.files();
    if (!file) throw new Error("no file");
    expect(digest(await file.bytes())).toBe(digest(other));
    await expect(new Response(await file.stream()).arrayBuffer()).rejects.toMatchObject({
      code: "download_changed",
    });
  });

  it("resumes after a cut that looks like an end", async () => {
    const server = await resultServer((asked, response) => {
      if (asked.nth === 1 && !asked.head)
        response
          .writeHead(200, { "content-length": 1000, etag: '"v1"' })
          .end(BYTES.subarray(0, 1000));
      else sendFile(asked, response, BYTES);
    });
    const [file] = await server.files();
    expect(digest((await file?.bytes()) ?? new Uint8Array())).toBe(digest(BYTES));
  });

  /** Requests until an error that is no outage ends the read, where this is not 1. */
  const TRIES: Readonly<Record<string, number>> = { HTML: 5, "401": 2 };
  it.each<[string, Answer, string, RegExp?]>([
    ["502", (_, response) => response.writeHead(502).end(), "download_failed", OUT],
    ["503", (_, response) => response.writeHead(503).end(), "download_failed", OUT],
    [
      "bare 500",
      (_, response) => response.writeHead(500).end("Internal Server Error"),
      "download_failed",
      OUT,
    ],
    [
      "429",
      (_, response) => response.writeHead(429, { "retry-after": "1" }).end(),
      "download_failed",
      OUT,
    ],
    ["reset before a byte", (_, response) => response.destroy(), "download_failed", OUT],
    [
      "HTML",
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
      "not_a_file",
      /does a proxy replace the server's responses\?$/,
    ],
    [
      "reset at the same byte",
      (asked, response) => sendFile(asked, response, BYTES, { noRange: true, cutAfter: 100 }),
      "download_failed",
      /\(received 100 of 5000 bytes\) could not be read: 5 responses brought no new bytes\. The connection broke \(/,
    ],
    [
      "401",
      (_, response) =>
        response.writeHead(401, { "www-authenticate": "Basic" }).end("Not authenticated"),
      "not_authenticated",
    ],
    [
      "404",
      (_, response) =>
        response
          .writeHead(404, { "content-type": "application/json" })
          .end('{"detail":"Missing result"}'),
      "not_found",
    ],
    [
      "404 of a proxy",
      (_, response) => response.writeHead(404).end("<title>Not here</title>"),
      "download_failed",
      OUT,
    ],
    [
      "404 of a proxy without a word",
      (_, response) => response.writeHead(404).end(),
      "download_failed",
      OUT,
    ],
    [
      "redirect",
      (_, response) => response.writeHead(302, { location: "http://elsewhere/" }).end(),
      "redirected",
    ],
    [
      "a longer file",
      (asked, response) => sendFile(asked, response, new Uint8Array(6000)),
      "download_changed",
    ],
  ])("ends in an error when the trouble stays: %s", async (_, trouble, code, message = /./) => {
    const server = await resultServer(
      (asked, response, request) => {
        if (asked.head) sendFile(asked, response, BYTES);
        else trouble(asked, response, request);
      },
      { outageMs: 12_000 },
    );
    const [file] = await server.files();
    await expect(file?.bytes()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    const tries = server.asked.filter(({ head }) => !head).length;
    if (message === OUT) expect(tries).toBeGreaterThan(4);
    // One try brought new bytes, so it does not count as one of the five without progress.
    else expect(tries).toBe(code === "download_failed" ? 6 : (TRIES[_] ?? 1));
  });

  it("is compared with the size that the server reports", async () => {
    const cut = BYTES.subarray(0, 4000);
    const server = await resultServer((asked, response) => sendFile(asked, response, cut), {
      fileSize: 5000,
    });
    const [file] = await server.files();
    expect(file?.size).toBe(5000);
    await expect(file?.bytes()).rejects.toMatchObject({ code: "download_changed" });
  });

  it("stops at once", async () => {
    const server = await resultServer((asked, response) => {
      if (asked.head) sendFile(asked, response, BYTES);
    });
    const [file] = await server.files();
    const stop = new AbortController();
    const reading = file?.bytes({ signal: stop.signal });
    stop.abort("enough");
    await expect(reading).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
  });

  it("gives up a connection that brings nothing, and takes another", async () => {
    const server = await resultServer((asked, response) => {
      if (asked.head || asked.nth > 1) sendFile(asked, response, BYTES);
      else {
        response.writeHead(200, { "content-length": BYTES.length, etag: '"v1"' });
        response.write(BYTES.subarray(0, 1000));
      }
    });
    const [file] = await server.files();
    expect(digest((await file?.bytes()) ?? new Uint8Array())).toBe(digest(BYTES));
    expect(server.asked.at(-1)?.range).toBe("bytes=1000-");
  });

  it("reports progress and passes on the errors of the callback", async () => {
    const server = await resultServer((asked, response) => sendFile(asked, response, BYTES));
    const [file] = await server.files();
    const seen: unknown[] = [];
    await file?.bytes({ onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ loaded: 5000, total: 5000 });
    const onProgress = () => {
      throw new RangeError("mine");
    };
    await expect(file?.blob({ onProgress })).rejects.toThrow(RangeError);
  });

  it("shows nothing but what it is", async () => {
    const server = await resultServer((asked, response) => sendFile(asked, response, BYTES));
    const [file] = await server.files();
    expect(JSON.parse(JSON.stringify(file))).toEqual({
      taskId: 7,
      nodeId: 1,
      index: 0,
      kind: "image",
      flow: "some_flow",
      seed: 5,
      name: "7_1_00001.png",
      mediaType: "image/png",
      size: 5000,
    });
    expect((await file?.blob())?.type).toBe("image/png");
  });

  it("refuses to refer to one file of several", async () => {
    const server = await resultServer((asked, response) => sendFile(asked, response, BYTES), [2]);
    const [file] = await server.files();
    expect(() => file?.reference()).toThrow("pass the file's bytes (`await file.blob()`) instead");
  });
});

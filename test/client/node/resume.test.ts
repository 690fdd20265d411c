/** Saves that continue an earlier save: the file is complete, and all of one version. */
import { createHash } from "node:crypto";
import {
  copyFile,
  link,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir, uptime } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { AbortError, type ResultFile } from "visionatrix-client";
import { saveFiles, type SideCar } from "visionatrix-client/node";
import { newPartial, readPartName } from "../../../src/node/partials.js";
import { resultServer, sendFile, type Results } from "../../support/results.js";
import type { FileAnswer } from "../../support/result-server.js";
import { saver } from "../../support/saver.js";

const bytesOf = (size: number, salt = 0) =>
  new Uint8Array(size).map((_, index) => (index * 7919 + salt) % 251);

const SIZE = 3_000_000;
const FIRST = bytesOf(SIZE);
const OTHER = bytesOf(SIZE, 100);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-resume-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A server with one file, whose version and responses can be changed. */
async function versions(): Promise<Results & { now: { bytes: Uint8Array; answer: FileAnswer } }> {
  const now: { bytes: Uint8Array; answer: FileAnswer } = { bytes: FIRST, answer: {} };
  const server = await resultServer((asked, response) =>
    sendFile(asked, response, now.bytes, asked.head ? {} : now.answer),
  );
  return { ...server, now };
}

const hidden = async (dir: string) => (await readdir(dir)).filter((name) => name.startsWith("."));

const ranges = ({ asked }: Results) =>
  asked.filter(({ head }) => !head).map(({ range, ifRange }) => [range, ifRange]);

/** Kills a saver when a part of the file is on disk. Returns the size of that part. */
async function kill(server: Awaited<ReturnType<typeof versions>>, dir: string): Promise<number> {
  server.now.answer = { cutAfter: 2_000_000, onCut: () => undefined };
  const { child, ended } = saver(server.url, dir, { resume: true });
  const size = async () => {
    const [name] = await hidden(dir);
    return name === undefined ? 0 : (await stat(join(dir, name))).size;
  };
  await expect.poll(async () => (await size()) >= 1_900_000).toBe(true);
  child.kill("SIGKILL");
  await ended;
  server.now.answer = {};
  server.asked.length = 0;
  return size();
}

describe("the partial file of a killed process", () => {
  it("is continued where it ends", async () => {
    const server = await versions();
    const dir = await folder();
    const size = await kill(server, dir);
    expect(size).toBeLessThanOrEqual(2_000_000);
    const output = await saver(server.url, dir, { resume: true }).ended;
    expect(output).toMatch(/^saved 1$/m);
    expect(ranges(server)).toEqual([[`bytes=${size - 1}-`, '"v1"']]);
    expect(await readdir(dir)).toEqual(["7_1_00001.png"]);
    expect((await readFile(join(dir, "7_1_00001.png"))).equals(FIRST)).toBe(true);
  });

  it("is not used for another version", async () => {
    const server = await versions();
    const dir = await folder();
    await kill(server, dir);
    Object.assign(server.now, { bytes: OTHER, answer: { etag: '"v2"' } });
    const [path] = await saveFiles(await server.files(), dir, { resume: true });
    expect((await readFile(path as string)).equals(OTHER)).toBe(true);
    expect(await readdir(dir)).toEqual(["7_1_00001.png"]);
  });

  it("is left alone by a save without `resume`", async () => {
    const server = await versions();
    const dir = await folder();
    await kill(server, dir);
    const left = await hidden(dir);
    const [path] = await saveFiles(await server.files(), dir);
    expect(ranges(server)).toEqual([[undefined, undefined]]);
    expect((await readFile(path as string)).equals(FIRST)).toBe(true);
    expect(await hidden(dir)).toEqual(left);
  });
});

/** Stops a save of a file after this many bytes. */
async function stopAt(file: ResultFile, dir: string, loadedMin: number): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ loaded }: { loaded: number }) => {
    if (loaded >= loadedMin) stop.abort();
  };
  await expect(
    saveFiles([file], dir, { resume: true, signal: stop.signal, onProgress }),
  ).rejects.toThrow(AbortError);
}

describe("a save that was stopped", () => {
  it("is continued by the same process, even if all bytes were there", async () => {
    const server = await versions();
    const [file] = await server.files();
    for (const at of [1, 500_000, SIZE]) {
      const dir = await folder();
      await stopAt(file as ResultFile, dir, at);
      const [name] = await hidden(dir);
      const { size } = await stat(join(dir, name as string));
      server.asked.length = 0;
      const [path] = await saveFiles([file as ResultFile], dir, { resume: true, metadata: true });
      expect(ranges(server)).toEqual([[`bytes=${size - 1}-`, '"v1"']]);
      expect((await readFile(path as string)).equals(FIRST)).toBe(true);
      expect(await hidden(dir)).toEqual([]);
      const sideCar = JSON.parse(await readFile(join(dir, "some_flow-7.json"), "utf8")) as SideCar;
      expect(sideCar.files[0]?.sha256).toBe(createHash("sha256").update(FIRST).digest("hex"));
    }
  });

  it("never mixes versions, however often it is stopped and whatever the server has then", async () => {
    const server = await versions();
    const [file] = await server.files();
    const step = fc.record({
      at: fc.integer({ min: 1, max: SIZE }),
      other: fc.boolean(),
      noRange: fc.boolean(),
      etag: fc.constantFrom("strong", "weak", "none"),
    });
    const set = ({ other, noRange, etag }: { other: boolean; noRange: boolean; etag: string }) => {
      const name = other ? '"v2"' : '"v1"';
      server.now.bytes = other ? OTHER : FIRST;
      server.now.answer = {
        noRange,
        etag: etag === "none" ? "" : etag === "weak" ? `W/${name}` : name,
      };
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 4 }), step, async (stops, last) => {
        const dir = await folder();
        for (const each of stops) {
          set(each);
          await stopAt(file as ResultFile, dir, each.at);
        }
        set(last);
        const [path] = await saveFiles([file as ResultFile], dir, { resume: true });
        expect((await readFile(path as string)).equals(server.now.bytes)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("is not continued while it is in progress", async () => {
    const server = await versions();
    const [file] = await server.files();
    const dir = await folder();
    const both = await Promise.all(
      [1, 2].map(() => saveFiles([file as ResultFile], dir, { resume: true })),
    );
    expect(ranges(server)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    for (const [path] of both) expect((await readFile(path as string)).equals(FIRST)).toBe(true);
    expect((await readdir(dir)).sort()).toEqual(["7_1_00001-2.png", "7_1_00001.png"]);
  });
});

describe("a partial file is not continued", () => {
  it.each<[string, (path: string, dir: string) => Promise<unknown>]>([
    [
      "from before the machine started",
      (path) => utimes(path, 0, Date.now() / 1000 - uptime() - 60),
    ],
    ["that has a name already", (path, dir) => link(path, join(dir, "named.png"))],
    ["that is longer than the file", (path) => writeFile(path, new Uint8Array(SIZE + 1))],
    ["that is empty", (path) => writeFile(path, "")],
    [
      "of a process that runs",
      async (path) => {
        const other = path.replace(`-${process.pid}.`, `-${process.ppid}.`);
        await copyFile(path, other.replace(/(-\d+\.\d+-)[\da-f]{16}/, "$10123456789abcdef"));
        await rm(path);
      },
    ],
    [
      "of another machine",
      async (path) => {
        const other = path.replace(/\.vix-[\da-f]{8}/, ".vix-01234567");
        await copyFile(path, other.replace(/(-\d+\.\d+-)[\da-f]{16}/, "$10123456789abcdef"));
        await rm(path);
      },
    ],
  ])("%s", async (_, change) => {
    const server = await versions();
    const [file] = await server.files();
    const dir = await folder();
    await stopAt(file as ResultFile, dir, 1_000_000);
    const [name] = await hidden(dir);
    await change(join(dir, name as string), dir);
    server.asked.length = 0;
    const [path] = await saveFiles([file as ResultFile], dir, { resume: true });
    expect(ranges(server)).toEqual([[undefined, undefined]]);
    expect((await readFile(path as string)).equals(FIRST)).toBe(true);
  });
});

it("the name of a partial file identifies its file and version", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[\da-f]{16}$/),
      fc.stringMatching(/^"[!#-~]{1,57}"$/),
      (file, version) => {
        const path = newPartial("/dir", file, version);
        const name = path.split(/[/\\]/).at(-1) as string;
        expect(name.length).toBeLessThan(255);
        expect(readPartName(name)).toMatchObject({ process: process.pid, file, version });
      },
    ),
  );
  for (const version of [
    undefined,
    'W/"a"',
    `"${"a".repeat(80)}"`,
    "Wed, 21 Oct 2015 07:28:00 GMT",
  ])
    expect(readPartName(newPartial("/dir", "0".repeat(16), version).slice(5))).toMatchObject({
      file: undefined,
      version: undefined,
    });
  expect(readPartName(".vix-nonsense.part")).toBeUndefined();
});

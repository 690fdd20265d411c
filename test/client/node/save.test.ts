/** Result files on disk: every visible name is a complete file, and nothing is written outside the folder. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createClient, type ResultFile } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import {
  fileFromPath,
  rerun,
  saveFiles,
  type SaveOptions,
  type SideCar,
} from "visionatrix-client/node";
import { resultServer, sendFile, type Results } from "../../support/results.js";
import { saver } from "../../support/saver.js";
import { standinWithClient } from "../../support/standin.js";
import { PATIENCE_MS } from "../../support/patience.js";

const BYTES = new Uint8Array(200_000).map((_, index) =>
  index < 4 ? ([0x89, 0x50, 0x4e, 0x47][index] as number) : (index * 7919) % 251,
);
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

vi.mock("../../../src/time/clock.js", async (original) =>
  (await import("../../support/hurried-clock.js")).hurried(original),
);

async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "vix-save-")));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const plain = (outputs?: readonly number[]): Promise<Results> =>
  resultServer((asked, response) => sendFile(asked, response, BYTES), outputs);

/** A server that cuts its responses, in a way that a download cannot continue. */
const broken = (): Promise<Results> =>
  resultServer((asked, response) => {
    if (asked.head) sendFile(asked, response, BYTES);
    else sendFile(asked, response, BYTES, { noRange: true, cutAfter: 70_000 });
  });

const only = async (server: Results): Promise<ResultFile> => {
  const [file] = await server.files();
  if (!file) throw new Error("no file");
  return file;
};

/** Waits until three files are complete, even if none has its final name. */
const threeWait = (dir: string) =>
  vi.waitUntil(async () => {
    const names = existsSync(dir) ? await readdir(dir) : [];
    const sizes = await Promise.all(names.map(async (name) => (await lstat(join(dir, name))).size));
    return sizes.filter((size) => size === BYTES.length).length === 3;
  }, PATIENCE_MS);

describe("saveFiles", () => {
  it("writes whole files under the server's names, in the order of the files", async () => {
    const dir = await folder();
    const server = await plain([3, 2]);
    const files = await server.files();
    const paths = await saveFiles(files, join(dir, "new", "deep"));
    expect(paths.map((path) => basename(path))).toEqual([
      "7_1_00001.png",
      "7_1_00001-2.png",
      "7_1_00001-3.png",
      "7_1_00001-4.png",
      "7_1_00001-5.png",
    ]);
    for (const path of paths) expect(digest(await readFile(path))).toBe(digest(BYTES));
    expect(await readdir(join(dir, "new", "deep"))).toHaveLength(5);
  });

  it("fetches several at once, and no more than it may", async () => {
    let open = 0;
    let most = 0;
    const server = await resultServer(
      (asked, response) => {
        if (!asked.head) {
          most = Math.max(most, ++open);
          response.on("close", () => open--);
          setImmediate(() => setImmediate(() => sendFile(asked, response, BYTES)));
        } else sendFile(asked, response, BYTES);
      },
      [10],
    );
    await saveFiles(await server.files(), await folder(), { concurrency: 3 });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  it("fills a pattern, and keeps hostile values inside the folder", async () => {
    const dir = await folder();
    const file = { ...(await only(await plain())) };
    const server = await plain();
    const real = await only(server);
    expect(
      await saveFiles([real], dir, { pattern: "{flow}/{task}-{node}-{index}-{seed}" }),
    ).toEqual([join(dir, "some_flow", "7-1-0-5.png")]);
    expect(await saveFiles([real], dir, { pattern: "../../{name}" })).toEqual([
      join(dir, "_", "_", "7_1_00001.png"),
    ]);
    for (const pattern of ["{nam}", "{flow}\\{name}"])
      await expect(saveFiles([real], dir, { pattern })).rejects.toMatchObject({
        code: "invalid_option",
      });
    await expect(saveFiles([file], dir)).rejects.toThrow("must be one that this library made");
  });

  it.each([
    ["number", ["a-2.png", "a.png"], BYTES],
    ["error", ["a.png"], undefined],
    ["overwrite", ["a.png"], BYTES],
    ["skip-same", ["a-2.png", "a.png"], BYTES],
  ] as const)("settles a taken name by option: %s", async (collision, names, saved) => {
    const dir = await folder();
    await writeFile(join(dir, "a.png"), "mine");
    const save = saveFiles([await only(await plain())], dir, { collision, pattern: "a" });
    if (saved) expect(digest(await readFile((await save)[0] as string))).toBe(digest(saved));
    else await expect(save).rejects.toMatchObject({ code: "name_taken" });
    expect(await readdir(dir)).toEqual(names);
    if (collision !== "overwrite") expect(await readFile(join(dir, "a.png"), "utf8")).toBe("mine");
  });

  it("overwrites earlier files, but none of the same call", async () => {
    const dir = await folder();
    const files = await (await plain([3])).files();
    await writeFile(join(dir, "a.png"), "old");
    await writeFile(join(dir, "a-2.png"), "old");
    const names = ["a.png", "a-2.png", "a-3.png"].map((name) => join(dir, name));
    for (let time = 0; time < 2; time++)
      expect(await saveFiles(files, dir, { pattern: "a", collision: "overwrite" })).toEqual(names);
    for (const name of names) expect(digest(await readFile(name))).toBe(digest(BYTES));
    expect(await readdir(dir)).toHaveLength(3);
  });

  it("keeps an identical file if asked to", async () => {
    const dir = await folder();
    const file = await only(await plain());
    const first = await saveFiles([file], dir);
    expect(await saveFiles([file], dir, { collision: "skip-same" })).toEqual(first);
    expect(await readdir(dir)).toHaveLength(1);
  });

  it.each([
    ["a broken download", (_: AbortController) => undefined, { code: "download_failed" }],
    [
      "an abort",
      (stop: AbortController) => stop.abort("enough"),
      { name: "AbortError", cause: "enough" },
    ],
  ])("leaves nothing behind after %s", async (_, act, error) => {
    const dir = join(await folder(), "new");
    const file = await only(await broken());
    const stop = new AbortController();
    const onProgress = () => act(stop);
    await expect(saveFiles([file], dir, { signal: stop.signal, onProgress })).rejects.toMatchObject(
      error,
    );
    expect(existsSync(dir)).toBe(false);
  });

  it("keeps complete files when another one fails", async () => {
    const dir = await folder();
    const server = await resultServer(
      (asked, response) => {
        if (asked.head || asked.file !== "1:1") sendFile(asked, response, BYTES);
        else
          response
            .writeHead(404, { "content-type": "application/json" })
            .end('{"detail":"Not found"}');
      },
      [3],
    );
    await expect(saveFiles(await server.files(), dir, { concurrency: 1 })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await readdir(dir)).toEqual(["7_1_00001.png"]);
  });

  it("keeps files that were complete before an earlier one failed", async () => {
    const dir = await folder();
    let fail = (): void => undefined;
    const server = await resultServer(
      (asked, response) => {
        if (asked.head || asked.file !== "1:0") sendFile(asked, response, BYTES);
        else
          fail = () =>
            void response
              .writeHead(404, { "content-type": "application/json" })
              .end('{"detail":"Not found"}');
      },
      [4],
    );
    const save = saveFiles(await server.files(), dir);
    await threeWait(dir);
    fail();
    await expect(save).rejects.toMatchObject({ code: "not_found" });
    expect(await readdir(dir)).toHaveLength(3);
    for (const name of await readdir(dir))
      expect(digest(await readFile(join(dir, name)))).toBe(digest(BYTES));
  });

  it("adds no more files once the caller has stopped it", async () => {
    const dir = join(await folder(), "new");
    const server = await resultServer(
      (asked, response) => {
        if (asked.head || asked.file !== "1:0") sendFile(asked, response, BYTES);
      },
      [4],
    );
    const stop = new AbortController();
    const save = saveFiles(await server.files(), dir, { signal: stop.signal });
    await threeWait(dir);
    stop.abort("enough");
    await expect(save).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(existsSync(dir)).toBe(false);
  });

  it("goes on with the others while one is slow, and keeps their order", async () => {
    let finish = (): void => undefined;
    let last = (): void => undefined;
    const others = new Promise<void>((resolve) => (last = resolve));
    const begun = new Set<string>();
    const server = await resultServer(
      (asked, response) => {
        if (asked.head || asked.file !== "1:0") sendFile(asked, response, BYTES);
        else finish = () => sendFile(asked, response, BYTES);
        if (!asked.head && begun.add(asked.file).size === 8) last();
      },
      [8],
    );
    const save = saveFiles(await server.files(), await folder(), { concurrency: 2 });
    await others;
    finish();
    expect((await save).map((path) => basename(path))).toEqual(
      ["", "-2", "-3", "-4", "-5", "-6", "-7", "-8"].map((end) => `7_1_00001${end}.png`),
    );
  });

  it("takes any number as concurrency", async () => {
    const files = await (await plain([3])).files();
    for (const concurrency of [Infinity, 0, -1, 1.5])
      expect(await saveFiles(files, await folder(), { concurrency })).toHaveLength(3);
  });

  it.each<[unknown, RegExp]>([
    [{ concurrency: NaN }, /^`concurrency` must be a number of at least 1, such as 4, not NaN\.$/],
    [{ concurrency: "4" }, /^`concurrency` must be .*, not "4"\.$/],
    [{ colision: "error" }, /^saveFiles has no option `colision`; did you mean `collision`\?$/],
    [{ toString: 1 }, /^saveFiles has no option `toString`/],
    [{ collision: "skipsame" }, /^`collision` must be "number", .*; did you mean "skip-same"\?$/],
    [
      { collision: true },
      /^`collision` must be "number", "error", "overwrite", "skip-same", not true/,
    ],
    [{ pattern: 5 }, /^`pattern` must be a string such as .*, not 5\.$/],
    [{ metadata: "yes" }, /^`metadata` must be true or false, not "yes"\.$/],
    [{ resume: 1 }, /^`resume` must be true or false, not 1\.$/],
    [{ onProgress: {} }, /^`onProgress` must be a function, not an object\.$/],
    [{ signal: new AbortController() }, /^`signal` must be an AbortSignal, not an object\.$/],
    [null, /^Options of saveFiles are an object/],
  ])("refuses the options %j", async (options, message) => {
    const dir = join(await folder(), "new");
    const files = await (await plain()).files();
    await expect(saveFiles(files, dir, options as SaveOptions)).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringMatching(message) as string,
    });
    expect(existsSync(dir)).toBe(false);
  });

  it("says what it takes instead of a wrong argument", async () => {
    const server = await plain();
    const task = server.client.task(7);
    const result = await task.result();
    // Not "out" of the working folder, which `make demo` writes into.
    const out = join(await folder(), "out");
    const refused = async (files: unknown, dir: unknown = out) =>
      saveFiles(files as ResultFile[], dir as string).catch((error: unknown) => String(error));
    expect(await refused(result)).toMatch(/not a result: pass its files, saveFiles\(result\.files/);
    const promise = task.result();
    expect(await refused(promise)).toMatch(
      /not a promise.*: pass \(await run\.result\(\)\)\.files/,
    );
    await promise;
    expect(await refused(task)).toMatch(
      /not a run or a task: pass \(await run\.result\(\)\)\.files/,
    );
    expect(await refused(result.files[0])).toMatch(/not a single one: pass \[file\]/);
    expect(await refused(undefined)).toMatch(/an array of result files, not undefined/);
    expect(await refused(["a.png"])).toMatch(
      /an array of result files, but the array contains "a\.png"/,
    );
    expect(await refused(result.files, 5)).toMatch(/must be a path such as "out", not 5/);
    expect(existsSync(out)).toBe(false);
  });

  it("makes nothing when it is stopped before it begins", async () => {
    const dir = join(await folder(), "new");
    const signal = AbortSignal.abort("enough");
    for (const files of [[], await (await plain()).files()])
      await expect(saveFiles(files, dir, { signal })).rejects.toMatchObject({
        name: "AbortError",
        cause: "enough",
      });
    expect(existsSync(dir)).toBe(false);
  });

  it("passes on the error of the caller's progress callback", async () => {
    const dir = await folder();
    const onProgress = () => {
      throw new RangeError("mine");
    };
    await expect(saveFiles([await only(await plain())], dir, { onProgress })).rejects.toThrow(
      RangeError,
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it("continues a cut download, or restarts it", async () => {
    for (const noRange of [false, true]) {
      const server = await resultServer((asked, response) =>
        sendFile(
          asked,
          response,
          BYTES,
          asked.head || asked.nth > 2
            ? { noRange: noRange && !asked.head }
            : { cutAfter: 66_000 * asked.nth, etag: noRange ? `"${asked.nth}"` : '"v1"' },
        ),
      );
      const dir = await folder();
      const [path] = await saveFiles([await only(server)], dir, { metadata: true });
      expect(digest(await readFile(path as string))).toBe(digest(BYTES));
      const sideCar = JSON.parse(await readFile(join(dir, "some_flow-7.json"), "utf8")) as SideCar;
      expect(sideCar.files[0]?.sha256).toBe(digest(BYTES));
    }
  });

  it("frees its own buffers, and none that other code may hold", async () => {
    const freed: number[] = [];
    // Node has `transfer` since version 22.
    const own = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "transfer");
    Object.defineProperty(ArrayBuffer.prototype, "transfer", {
      configurable: true,
      value(this: ArrayBuffer) {
        freed.push(this.byteLength);
        return structuredClone(this, { transfer: [this] });
      },
    });
    onTestFinished(() => {
      if (own) Object.defineProperty(ArrayBuffer.prototype, "transfer", own);
      else Reflect.deleteProperty(ArrayBuffer.prototype, "transfer");
    });
    const server = await plain();
    const dir = await folder();
    await saveFiles([await only(server)], dir);
    expect(freed.reduce((sum, length) => sum + length, 0)).toBeGreaterThanOrEqual(BYTES.length);

    freed.length = 0;
    const shared = BYTES.slice();
    const client = createClient({
      baseUrl: server.url,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (response.status === 206 || !url.includes("results")) return response;
        await response.body?.cancel();
        const body = new ReadableStream({
          start: (controller) => {
            controller.enqueue(shared);
            controller.close();
          },
        });
        return new Response(body, response);
      },
    });
    const [path] = await saveFiles((await client.task(7).result()).files, dir);
    expect(digest(await readFile(path as string))).toBe(digest(BYTES));
    expect(freed).toEqual([]);
    expect(digest(shared)).toBe(digest(BYTES));
  });
});

describe("the folder", () => {
  it("is not left through a link", async () => {
    const dir = await folder();
    const outside = await folder();
    await symlink(outside, join(dir, "some_flow"));
    await symlink(join(outside, "victim"), join(dir, "a.png"));
    await writeFile(join(outside, "victim"), "precious");
    const file = await only(await plain());
    await expect(saveFiles([file], dir, { pattern: "{flow}/a" })).rejects.toMatchObject({
      code: "outside_folder",
    });
    for (const collision of ["number", "skip-same", "overwrite"] as const)
      await saveFiles([file], dir, { pattern: "a", collision });
    expect((await lstat(join(dir, "a.png"))).isFile()).toBe(true);
    expect(await readdir(outside)).toEqual(["victim"]);
    expect(await readFile(join(outside, "victim"), "utf8")).toBe("precious");
  });

  it("makes no folders behind a link either", async () => {
    const dir = await folder();
    const outside = await folder();
    await symlink(outside, join(dir, "some_flow"));
    const save = saveFiles([await only(await plain())], dir, {
      pattern: "{flow}/{task}/{node}/{name}",
    });
    await expect(save).rejects.toMatchObject({ code: "outside_folder" });
    expect(await readdir(outside)).toEqual([]);
    expect(await readdir(dir)).toEqual(["some_flow"]);
  });

  it("removes the empty folders of a pattern after a failure, but not earlier ones", async () => {
    const dir = await folder();
    const file = await only(await broken());
    const pattern = "{flow}/{task}/{name}";
    await expect(saveFiles([file], join(dir, "new"), { pattern })).rejects.toThrow();
    expect(await readdir(dir)).toEqual([]);
    await mkdir(join(dir, "some_flow"));
    await expect(saveFiles([file], dir, { pattern })).rejects.toThrow();
    expect(await readdir(dir, { recursive: true })).toEqual(["some_flow"]);
  });

  it("may itself be a link, and hold links to its own folders", async () => {
    const dir = await folder();
    const link = join(await folder(), "link");
    await mkdir(join(dir, "real"));
    await symlink("real", join(dir, "some_flow"));
    await symlink(dir, link);
    const [path] = await saveFiles([await only(await plain())], link, { pattern: "{flow}/a" });
    expect(path).toBe(join(link, "some_flow", "a.png"));
    expect(await readdir(join(dir, "real"))).toEqual(["a.png"]);
  });

  it("that is a file, or that vanishes half-way, is a clear error", async () => {
    const dir = await folder();
    const file = await only(await plain());
    await writeFile(join(dir, "file"), "");
    await expect(saveFiles([file], join(dir, "file"))).rejects.toThrow(
      /Cannot save into .*: a file has the name of a folder in the path/,
    );
    await mkdir(join(dir, "gone"));
    const onProgress = () => rmSync(join(dir, "gone"), { recursive: true, force: true });
    const gone = saveFiles([file], join(dir, "gone"), { onProgress });
    await expect(gone).rejects.toThrow(
      /Cannot save into .*: the folder or the unfinished file in it was deleted/,
    );
    expect(await readdir(dir)).toEqual(["file"]);
  });
});

/** Makes a file look as if it was last written more than a day ago. */
const longAgo = (path: string) => utimes(path, 0, Date.now() / 1000 - 25 * 60 * 60);

describe("an unfinished file", () => {
  const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;

  it.each([
    ["of a process that has ended", host, dead, true],
    ["of one before this that had its id, as in a container", host, process.pid, true],
    ["of a process that runs", host, process.ppid, false],
    ["of another machine", "01234567", process.ppid, true],
  ])("%s is taken away, if at all, only when it was left alone for long", async (...args) => {
    const [, machine, pid, goes] = args;
    const dir = await folder();
    const file = await only(await plain());
    const name = `.vix-${machine}-${pid}-some-id.part`;
    await writeFile(join(dir, name), "x");
    await saveFiles([file], dir);
    expect(await readdir(dir)).toContain(name);
    await longAgo(join(dir, name));
    await saveFiles([file], dir);
    expect((await readdir(dir)).includes(name)).toBe(!goes);
  });

  it("stays while this process writes it, however slow it comes", async () => {
    const dir = await folder();
    let finish = (): void => undefined;
    let reached: (() => void) | undefined;
    const half = new Promise<void>((resolve) => (reached = resolve));
    const slow = await resultServer((asked, response) => {
      if (asked.head) {
        sendFile(asked, response, BYTES);
        return;
      }
      response.writeHead(200, { "content-length": BYTES.length });
      response.write(BYTES.subarray(0, 150_000));
      finish = () => void response.end(BYTES.subarray(150_000));
    });
    const save = saveFiles([await only(slow)], dir, {
      pattern: "slow",
      onProgress: () => reached?.(),
    });
    await half;
    const [name] = await readdir(dir);
    await longAgo(join(dir, name as string));
    await saveFiles([await only(await plain())], dir);
    expect(await readdir(dir)).toContain(name);
    finish();
    await save;
    expect((await readdir(dir)).sort()).toEqual(["7_1_00001.png", "slow.png"]);
  });
});

describe("a process", () => {
  it("that is killed leaves only complete files, and its partial file is removed later", async () => {
    const dir = await folder();
    let reached: (() => void) | undefined;
    const half = new Promise<void>((resolve) => (reached = resolve));
    let hang = true;
    const server = await resultServer(
      (asked, response) => {
        if (asked.head || asked.file === "1:0" || !hang) sendFile(asked, response, BYTES);
        else {
          response.writeHead(200, { "content-length": BYTES.length });
          response.write(BYTES.subarray(0, 150_000));
          reached?.();
        }
      },
      [2],
    );
    const { child, ended } = saver(server.url, dir);
    await half;
    // The final name appears before the partial file is removed.
    const done = async (): Promise<boolean> => {
      const names = await readdir(dir);
      return names.includes("7_1_00001.png") && names.length === 2;
    };
    await expect.poll(done).toBe(true);
    child.kill("SIGKILL");
    await ended;
    const left = (await readdir(dir)).sort();
    expect(left.filter((name) => !name.startsWith(".vix-"))).toEqual(["7_1_00001.png"]);
    expect(left).toHaveLength(2);
    expect(digest(await readFile(join(dir, "7_1_00001.png")))).toBe(digest(BYTES));
    hang = false;
    await longAgo(join(dir, left.find((name) => name.startsWith(".vix-")) as string));
    await saveFiles(await server.files(), dir);
    expect((await readdir(dir)).sort()).toEqual([
      "7_1_00001-2.png",
      "7_1_00001-3.png",
      "7_1_00001.png",
    ]);
  });

  it("that can no longer be written to says so and leaves nothing", async () => {
    const dir = await folder();
    // Limits the size of a file, in blocks of 512 bytes.
    const output = await saver((await plain()).url, dir, { before: "ulimit -f 100" }).ended;
    expect(output).toMatch(
      /^not_saved Cannot save into .*: the file is larger than the system allows\.$/m,
    );
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("a side-car", () => {
  it("describes a run, and can rerun it", async () => {
    const { client } = await standinWithClient();
    const dir = await folder();
    const prompt = 'a "cat"\nin the sun';
    const run = await sdxlLighting(client, { prompt, steps_number: "4 steps", seed: 41, count: 2 });
    const { files } = await run.result();
    const paths = await saveFiles(files, dir, { metadata: true });
    expect(paths).toHaveLength(2);
    const name = `sdxl_lighting-${run.tasks[0]?.id}.json`;
    const sideCar = JSON.parse(await readFile(join(dir, name), "utf8")) as SideCar;
    expect(sideCar).toMatchObject({
      format: 1,
      flow: "sdxl_lighting",
      seed: 41,
      count: 2,
      params: { prompt: prompt.replace("\n", "\r\n"), steps_number: "4 steps" },
      tasks: [{ seed: 41 }, { seed: 42 }],
    });
    expect(sideCar.files[0]?.sha256).toBe(digest(await readFile(paths[0] as string)));
    expect(JSON.stringify(sideCar)).not.toMatch(/secret|authorization/i);
    const again = await (await rerun(client, join(dir, name))).result();
    expect(again.files.map(({ seed }) => seed)).toEqual([41, 42]);
    expect(digest(await (again.files[1] as ResultFile).bytes())).toBe(sideCar.files[1]?.sha256);
  });

  it("refers to the input files of a run", async () => {
    const { client } = await standinWithClient();
    const dir = await folder();
    const input_image = await fileFromPath("examples/still-life.jpg");
    const run = await removeBackgroundBirefnet(client, { input_image });
    const { files } = await run.result();
    await saveFiles(files, dir, { metadata: true });
    const path = join(dir, `remove_background_birefnet-${run.tasks[0]?.id}.json`);
    expect((JSON.parse(await readFile(path, "utf8")) as SideCar).inputs).toEqual({
      input_image: { task_id: run.tasks[0]?.id, input_index: 0 },
    });
    const again = await rerun(client, path);
    const details = await Promise.all(
      [run, again].flatMap(({ tasks }) => tasks.map((task) => task.details())),
    );
    const [first, second] = details.map((one) => one.input_files.map(({ file_size }) => file_size));
    expect(second).toEqual(first);
  });

  it.each([["{}"], ["nonsense"], ['{"format":2}'], ["null"]])(
    "is refused if it is invalid: %s",
    async (text) => {
      const { client } = await standinWithClient();
      const path = join(await folder(), "a.json");
      await writeFile(path, text);
      await expect(rerun(client, path)).rejects.toMatchObject({ code: "not_a_side_car" });
    },
  );
});

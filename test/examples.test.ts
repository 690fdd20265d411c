import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStandin, type StandinOptions } from "visionatrix-standin";

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs an example as its README says, against the build. */
async function run(
  example: string,
  args: (folder: string) => string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended & { saved: string[]; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "vix-example-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const ended = await new Promise<Ended>((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", `examples/${example}.ts`, ...args(folder)],
      { env: { ...process.env, TSX_TSCONFIG_PATH: "examples/tsconfig.json", ...env } },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
  return { ...ended, saved: await readdir(folder), folder };
}

const sunset = (folder: string) => ["a sunset", folder];
const still = (folder: string) => ["examples/still-life.jpg", folder];

async function server(options: StandinOptions = {}): Promise<NodeJS.ProcessEnv> {
  const standin = await startStandin({
    speed: "instant",
    auth: "admin:admin",
    maxPictureSide: 64,
    ...options,
  });
  onTestFinished(() => standin.close());
  return { VIX_URL: standin.url, VIX_USERNAME: "admin", VIX_PASSWORD: "admin" };
}

/** An address where nothing listens. */
async function closedAddress(): Promise<string> {
  const standin = await startStandin();
  await standin.close();
  return standin.url;
}

describe("examples", async () => {
  it("make a picture from a prompt", async () => {
    const { code, stdout, stderr, saved, folder } = await run(
      "sdxl-lighting",
      sunset,
      await server(),
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(saved).toEqual(["1_9_00001.png"]);
    const size = (await readFile(join(folder, "1_9_00001.png"))).length;
    expect(stdout).toContain(`${join(folder, "1_9_00001.png")}  ${size} bytes`);
    expect(stdout).toMatch(/100 % done\n[^]*task 1, seed \d+\n$/);
  });

  it("remove a background", async () => {
    const { code, stderr, saved } = await run("remove-background", still, await server());
    expect([code, stderr]).toEqual([0, ""]);
    expect(saved).toEqual(["1_13_00001.png"]);
  });

  it.each<
    [string, string, (folder: string) => string[], StandinOptions, NodeJS.ProcessEnv, RegExp]
  >([
    ["a wrong password", "sdxl-lighting", sunset, {}, { VIX_PASSWORD: "x" }, /password is wrong/],
    ["no server", "sdxl-lighting", sunset, {}, { VIX_URL: await closedAddress() }, /Is it running/],
    [
      "an address that is none",
      "sdxl-lighting",
      sunset,
      {},
      { VIX_URL: "here" },
      /`baseUrl` must be/,
    ],
    [
      "a flow that is not installed",
      "sdxl-lighting",
      sunset,
      { flows: "test/support/one-flow.openapi.json" },
      {},
      /Flow `sdxl_lighting` is not installed\. Install the flow/,
    ],
    [
      "a picture that is not there",
      "remove-background",
      (folder) => ["nowhere.jpg", folder],
      {},
      {},
      /Cannot read .*nowhere\.jpg: the file does not exist/,
    ],
    [
      "a task that fails",
      "sdxl-lighting",
      sunset,
      { faults: [{ do: "fail", error: "CUDA out of memory" }] },
      {},
      /failed: CUDA out of memory/,
    ],
    [
      "a download that is cut",
      "sdxl-lighting",
      sunset,
      { faults: [{ on: "results", do: "cut" }] },
      {},
      /./,
    ],
  ])(
    "end with one sentence and no file after %s",
    async (_, example, args, options, env, message) => {
      const { code, stderr, saved } = await run(example, args, {
        ...(await server(options)),
        ...env,
      });
      expect(stderr).toMatch(message);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).not.toMatch(/^ +at |admin:/m);
      expect(code).toBe(1);
      expect(saved).toEqual([]);
    },
  );

  it("chain two flows, with the picture between them left on the server", async () => {
    const standin = await startStandin({ speed: "instant", auth: "admin:admin" });
    onTestFinished(() => standin.close());
    const env = { VIX_URL: standin.url, VIX_USERNAME: "admin", VIX_PASSWORD: "admin" };
    const { code, stderr, saved } = await run("chain", sunset, env);
    expect([code, stderr]).toEqual([0, ""]);
    expect(saved).toEqual(["2_13_00001.png"]);
    const creates = standin.requests.filter(({ endpoint }) => endpoint === "create");
    expect(creates).toHaveLength(2);
    // A reference is a few bytes, a picture hundreds of thousands.
    for (const { bytesIn } of creates) expect(bytesIn).toBeLessThan(10_000);
  });

  it("make a picture for each line, and none twice", async () => {
    const standin = await startStandin({ speed: "instant", auth: "admin:admin" });
    onTestFinished(() => standin.close());
    const env = { VIX_URL: standin.url, VIX_USERNAME: "admin", VIX_PASSWORD: "admin" };
    const lists = await mkdtemp(join(tmpdir(), "vix-prompts-"));
    onTestFinished(() => rm(lists, { recursive: true, force: true }));
    const list = join(lists, "prompts.txt");
    await writeFile(list, "a harbour\na gull\n");
    for (const expected of [2, 3]) {
      const { code, stderr, saved } = await run("batch", (folder) => [list, folder], env);
      expect([code, stderr]).toEqual([0, ""]);
      expect(saved).toHaveLength(expected);
      await appendFile(list, "a lighthouse\n");
    }
    expect(standin.requests.filter(({ endpoint }) => endpoint === "create")).toHaveLength(3);
  });

  it("run a flow by its id, and check its parameters", async () => {
    const params = (text: string) => (folder: string) => ["sdxl_lighting", text, folder];
    const env = await server();
    const good = await run("any-flow", params('{"prompt":"a cat"}'), env);
    expect([good.code, good.stderr, good.saved]).toEqual([0, "", ["1_9_00001.png"]]);
    const bad = await run("any-flow", params('{"promt":"a cat"}'), env);
    expect([bad.code, bad.saved]).toEqual([1, []]);
    expect(bad.stderr).toContain("did you mean `prompt`");
  });

  it("test an application with the stand-in", async () => {
    const printed = await promisify(execFile)(
      process.execPath,
      ["--test", "examples/tests/pictures.test.mjs"],
      // Inside another test runner, Node's runner would only report to that one.
      { env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
    );
    expect(printed.stdout).toMatch(/pass 3\b/);
  });

  it("are short enough to copy", async () => {
    for (const name of ["sdxl-lighting", "remove-background"]) {
      const text = await readFile(`examples/${name}.ts`, "utf8");
      expect(text.trimEnd().split("\n").length).toBeLessThan(30);
    }
  });
});

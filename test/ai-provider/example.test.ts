/**
 * Installs, builds and starts the Next.js example as its README says. It fetches 400 MB of packages, so it
 * runs only where `VIX_TEST_NEXT` is set: in `make matrix`.
 */
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startStandin } from "visionatrix-standin";

const run = promisify(execFile);

describe.skipIf(!process.env["VIX_TEST_NEXT"])("examples/ai-sdk", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vix-next-"));
    await cp("examples/ai-sdk", folder, {
      recursive: true,
      filter: (source) => !/node_modules|\.next/.test(source),
    });
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const { stdout } = await run("npm", [...pack, "--include-workspace-root", "-w", "ai-provider"]);
    const packed = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    const tarballs = packed.map(({ filename }) => join(folder, filename));
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
    await run("npm", ["install", ...quiet, ...tarballs], { cwd: folder });
    await run(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      cwd: folder,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("makes a picture, varies it, and says what went wrong", async () => {
    const standin = await startStandin({ speed: "instant", maxPictureSide: 64 });
    onTestFinished(() => standin.close());
    const next = spawn(
      process.execPath,
      ["node_modules/next/dist/bin/next", "start", "--port", "0", "--hostname", "127.0.0.1"],
      { cwd: folder, env: { ...process.env, VIX_URL: standin.url, NEXT_TELEMETRY_DISABLED: "1" } },
    );
    onTestFinished(() => void next.kill());
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const [, address] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
        if (address && /ready/i.test(said)) resolve(address);
      };
      next.stdout.on("data", hear);
      next.stderr.on("data", hear);
      next.once("exit", () => reject(new Error(said)));
    });
    expect(await (await fetch(url)).text()).toContain("Pictures");

    const ask = async (body: object) => {
      const response = await fetch(`${url}/api/pictures`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return {
        status: response.status,
        answer: (await response.json()) as Record<string, unknown>,
      };
    };
    const made = await ask({ prompt: "a lighthouse" });
    expect(made).toMatchObject({ status: 200, answer: { taskId: 1, nodeId: 9 } });
    expect(made.answer["image"]).toMatch(/^data:image\/png;base64,/);
    const varied = await ask({ prompt: "make it winter", from: made.answer });
    expect(varied).toMatchObject({ status: 200, answer: { taskId: 2 } });
    expect(varied.answer["image"]).not.toBe(made.answer["image"]);
    const creates = standin.requests.filter(({ endpoint }) => endpoint === "create");
    expect(creates.map(({ url: path }) => path)).toEqual([
      "/vapi/tasks/create/sdxl_lighting",
      "/vapi/tasks/create/flux1_kontext",
    ]);

    standin.addFaults({ do: "fail", error: "CUDA out of memory" });
    const failed = await ask({ prompt: "a" });
    expect(failed.status).toBe(502);
    expect(failed.answer["error"]).toContain("CUDA out of memory");

    standin.clearFaults();
    standin.addFaults({ do: "take", ms: 600_000 });
    const stop = new AbortController();
    const body = JSON.stringify({ prompt: "a" });
    const stopped = fetch(`${url}/api/pictures`, { method: "POST", body, signal: stop.signal });
    const isAsked = (endpoint: string) =>
      standin.requests.filter((request) => request.endpoint === endpoint).length;
    await expect.poll(() => isAsked("create")).toBe(4);
    stop.abort();
    await expect(stopped).rejects.toThrow();
    await expect.poll(() => isAsked("cancel")).toBeGreaterThan(0);
  });
});

/**
 * The example with BullMQ, installed from the packed client: 1,000 jobs over three worker processes, one of
 * them killed. Needs redis-server, and fetches packages, so it runs where `VIX_TEST_BULLMQ` is set: in
 * `make matrix`.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.js";
import { startStandin } from "visionatrix-standin";
import { tasksOf } from "./support.js";

const run = promisify(execFile);
const JOBS = 1000;

interface Board {
  counts: Record<"waiting" | "active" | "delayed" | "completed" | "failed", number>;
}

describe.skipIf(!process.env["VIX_TEST_BULLMQ"])("examples/bullmq", () => {
  let folder: string;
  let redis: ChildProcess;
  let redisUrl: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vix-bullmq-"));
    await cp("examples/bullmq", folder, {
      recursive: true,
      filter: (source) => !source.includes("node_modules"),
    });
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const { stdout } = await run("npm", pack);
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
    await run("npm", ["install", ...quiet, join(folder, packed!.filename)], { cwd: folder });

    const port = await freePort();
    redisUrl = `redis://127.0.0.1:${port}`;
    const options = ["--bind", "127.0.0.1", "--save", "", "--dir", folder];
    redis = spawn("redis-server", ["--port", String(port), ...options]);
    await heard(redis, "Ready to accept connections");
  }, 300_000);

  afterAll(async () => {
    redis.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it(`runs ${JOBS} jobs over three workers, one of them killed: none is lost, none is doubled`, async () => {
    const standin = await startStandin({ speed: "instant", maxPictureSide: 32, workers: 8 });
    onTestFinished(() => standin.close());
    const out = join(folder, "out");
    const env = {
      ...process.env,
      VIX_URL: standin.url,
      REDIS_URL: redisUrl,
      OUT: out,
      CONCURRENCY: "6",
      LOCK_MS: "5000",
    };
    const node = (...args: string[]) => run(process.execPath, args, { cwd: folder, env });
    const board = async (): Promise<Board> =>
      JSON.parse((await node("board.mjs", "--once")).stdout) as Board;

    const prompts = Array.from({ length: JOBS }, (_, index) => `picture ${index}`);
    await writeFile(join(folder, "prompts.txt"), prompts.join("\n"));
    await node("add.mjs", "prompts.txt");
    // Adding the same jobs again adds none.
    await node("add.mjs", "prompts.txt");
    const workers = await Promise.all(
      [1, 2, 3].map(async () => {
        const worker = spawn(process.execPath, ["worker.mjs"], { cwd: folder, env });
        onTestFinished(() => void worker.kill("SIGKILL"));
        await heard(worker, "ready");
        return worker;
      }),
    );

    const killAfter = 100 + Math.floor(Math.random() * 500);
    while ((await tasksOf(standin)).size < killAfter) await sleep(20);
    const [victim, ...others] = workers as [ChildProcess, ...ChildProcess[]];
    victim.kill("SIGKILL");
    for (;;) {
      const { counts } = await board();
      expect(counts.failed).toBe(0);
      if (counts.completed === JOBS) break;
      await sleep(500);
    }

    const tasks = [...(await tasksOf(standin)).values()];
    expect(tasks.map(({ input_params }) => input_params["prompt"]).sort()).toEqual(prompts.sort());
    expect(tasks.every(({ progress }) => progress === 100)).toBe(true);
    // A process that is killed leaves what it was writing under a name that begins with a dot.
    const files = (await readdir(out)).filter((name) => !name.startsWith("."));
    expect(files).toHaveLength(JOBS);
    for (const file of files) {
      const bytes = await readFile(join(out, file));
      expect(bytes.subarray(-8, -4).toString("latin1")).toBe("IEND");
    }
    // The other workers stop on a signal.
    for (const worker of others) worker.kill("SIGTERM");
    for (const worker of others) if (worker.exitCode === null) await once(worker, "exit");
    expect(others.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  }, 900_000);
});

/** Resolves when a process has printed a text. */
function heard(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("exit", () => reject(new Error(`it ended: ${said}`)));
  });
}

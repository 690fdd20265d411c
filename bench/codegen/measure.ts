/** Whole processes, from start to exit: elapsed time and peak memory. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export interface Measured {
  readonly seconds: number;
  /** The peaks of all its processes together, as if they occurred at the same moment. */
  readonly megabytes: number;
}

export interface Failed {
  readonly failure: string;
  /** How long we waited, if it took too long and was stopped. */
  readonly overSeconds?: number;
}

export interface Run {
  /** Path of the Node that runs it. */
  readonly node: string;
  /** Node script and its arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Called before each run: brings the folder to the state that is measured. */
  readonly prepare?: () => void;
}

/** Runs a process `times` times and keeps the fastest. */
export async function fastest(times: number, run: Run): Promise<Measured | Failed> {
  let best: Measured | undefined;
  for (let i = 0; i < times; i += 1) {
    run.prepare?.();
    const result = await once(run);
    if ("failure" in result) return result;
    if (best === undefined || result.seconds < best.seconds) best = result;
  }
  return best ?? { failure: "not run" };
}

async function once({ node, args, cwd, timeoutMs }: Run): Promise<Measured | Failed> {
  const peakFile = join(cwd, "peak.txt");
  rmSync(peakFile, { force: true });
  const started = performance.now();
  const child = spawn(node, args, {
    cwd,
    env: {
      ...process.env,
      BENCH_PEAK_FILE: peakFile,
      NODE_OPTIONS: `--import ${pathToFileURL("bench/codegen/peak.js").href}`,
      // Peers that would ask the network for updates, or collect usage data.
      DISABLE_TELEMETRY: "1",
      KUBB_DISABLE_TELEMETRY: "1",
      DO_NOT_TRACK: "1",
      CI: "1",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>(
    (resolve) => {
      child.on("close", (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
    },
  );
  clearTimeout(timer);
  const seconds = (performance.now() - started) / 1_000;
  if (signal !== null) {
    const limit = timeoutMs / 1_000;
    if (seconds < limit) return { failure: `ended by ${signal}` };
    return { failure: `not done in ${limit} s`, overSeconds: limit };
  }
  if (code !== 0) return { failure: `exit ${String(code)}: ${errors.trim().slice(0, 200)}` };
  const peaks = existsSync(peakFile)
    ? readFileSync(peakFile, "utf8").trim().split("\n").map(Number)
    : [0];
  return { seconds, megabytes: peaks.reduce((sum, peak) => sum + peak) / 1024 };
}

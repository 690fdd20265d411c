/**
 * The fixed cost of `vix`: its start compared with an empty Node process, and the memory of a batch of
 * 100,000 lines that is only checked. Run after `npm run build`: `npx tsx bench/cli.ts`.
 */
import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./median.js";

const BIN = fileURLToPath(new URL("../bin/vix.js", import.meta.url));
const ROUNDS = 15;
const LINES = 100_000;
const LIMITS = { help: 2.5, dryRun: 4, peakMb: 200 };

/** One run of Node, in ms. */
function timed(args: readonly string[]): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`vix ended with ${status}: ${stderr}`);
  return performance.now() - startedAt;
}

const folder = await mkdtemp(join(tmpdir(), "vix-bench-"));
let missed = false;
try {
  const empty = join(folder, "empty.mjs");
  await writeFile(empty, "");
  const commands = {
    empty: [empty],
    help: [BIN, "--help"],
    flowHelp: [BIN, "run", "sdxl_lighting", "--help"],
    dryRun: [BIN, "run", "sdxl_lighting", "--prompt", "a lighthouse", "--dry-run"],
  };
  const times: Record<keyof typeof commands, number[]> = {
    empty: [],
    help: [],
    flowHelp: [],
    dryRun: [],
  };
  // In turns, so that a busy period of the machine affects all of them.
  for (let round = 0; round < ROUNDS; round++)
    for (const name of Object.keys(commands) as (keyof typeof commands)[])
      times[name].push(timed(commands[name]));
  const base = median(times.empty);
  console.log(`empty Node process: ${base.toFixed()} ms (median of ${ROUNDS})`);
  report("vix --help", median(times.help) / base, LIMITS.help);
  report("vix run FLOW --help", median(times.flowHelp) / base, LIMITS.dryRun);
  report("vix run FLOW --dry-run", median(times.dryRun) / base, LIMITS.dryRun);

  const peak = await batchPeak(join(folder, "lines.jsonl"));
  const holds = peak <= LIMITS.peakMb;
  missed ||= !holds;
  console.log(
    `vix batch --dry-run, ${LINES} lines: ${peak.toFixed()} MB (limit ${LIMITS.peakMb}) ${holds ? "ok" : "MISSED"}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (missed) process.exitCode = 1;

function report(name: string, ratio: number, limit: number): void {
  const holds = ratio <= limit;
  missed ||= !holds;
  console.log(`${name}: ${ratio.toFixed(2)} × (limit ${limit}) ${holds ? "ok" : "MISSED"}`);
}

/** Highest memory of a dry run, in MB. */
async function batchPeak(file: string): Promise<number> {
  const stream = createWriteStream(file);
  for (let line = 0; line < LINES; line++) {
    const prompt = `lighthouse ${line}, ${"very detailed, soft light, ".repeat(8)}`;
    const text = `${JSON.stringify({ flow: "sdxl_lighting", params: { prompt } })}\n`;
    if (!stream.write(text)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
  const peak = fileURLToPath(new URL("./codegen/peak.js", import.meta.url));
  const args = ["--import", peak, BIN, "batch", file, "-o", join(folder, "out"), "--dry-run"];
  const peakFile = `${file}.peak`;
  const env = { ...process.env, BENCH_PEAK_FILE: peakFile };
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`vix ended with ${status}: ${stderr}`);
  return Number(await readFile(peakFile, "utf8")) / 1024;
}

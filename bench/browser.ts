/**
 * Reads 1,000 MB into a page in Chromium, as a stream and as a `Blob`, compared with the browser's own
 * `fetch` in the same run: time, and the memory of all browser processes above that for a file of one byte.
 * The browser keeps the pieces of a stream until memory runs short, so its own `fetch` is the baseline.
 *
 * npx tsx bench/browser.ts [--megabytes 1000] [--rounds 3]
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import type { work } from "./browser/page.js";
import { startSink } from "./bytes/start-sink.js";
import { median } from "./median.js";

const MB = 1_000_000;
/** Limit for the memory, in times that of `fetch`. */
const MOST = 1.25;
const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
  },
});
const size = Number(values.megabytes) * MB;

/** Memory of this process's descendants that run Chromium, shared pages counted once, in bytes. */
function memory(): number {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/) as [string, string, string]);
  const ours = new Set([String(process.pid)]);
  // A parent may come after its children.
  for (let before = 0; before !== ours.size;) {
    before = ours.size;
    for (const [pid, ppid] of rows) if (ours.has(ppid)) ours.add(pid);
  }
  let sum = 0;
  for (const [pid, , name] of rows) {
    if (!ours.has(pid) || !name.startsWith("chrom")) continue;
    try {
      const [, kB] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
      sum += Number(kB) * 1024;
    } catch {
      // The process has just ended.
    }
  }
  return sum;
}

async function measured(what: keyof typeof work): Promise<{ peakMB: number; ms: number }> {
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const none = await readIn(what, 1);
    const large = await readIn(what, size);
    rounds.push({ peakMB: Math.round((large.peak - none.peak) / MB), ms: Math.round(large.ms) });
  }
  return {
    peakMB: median(rounds.map(({ peakMB }) => peakMB)),
    ms: median(rounds.map(({ ms }) => ms)),
  };
}

async function readIn(
  what: keyof typeof work,
  bytes: number,
): Promise<{ peak: number; ms: number }> {
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const server = await startSink(bytes);
  try {
    const page: Page = await browser.newPage();
    await page.goto(origin);
    await page.addScriptTag({ content: script });
    let peak = 0;
    const sampler = setInterval(() => (peak = Math.max(peak, memory())), 100);
    const start = performance.now();
    const taken = await page.evaluate(
      ([what, url]) => (globalThis as unknown as { work: typeof work }).work[what](url),
      [what, server.url] as const,
    );
    const ms = performance.now() - start;
    peak = Math.max(peak, memory());
    clearInterval(sampler);
    if (taken !== bytes) throw new Error(`${what} brought ${taken} bytes of ${bytes}.`);
    return { peak, ms };
  } finally {
    await browser.close();
    server.stop();
  }
}

const { outputFiles } = await build({
  entryPoints: ["bench/browser/page.ts"],
  bundle: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  tsconfig: "examples/tsconfig.json",
  write: false,
});
const site = createServer((_, response) =>
  response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>a</title>"),
).listen(0, "127.0.0.1");
await once(site, "listening");
const script = outputFiles[0]?.text ?? "";
const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
try {
  const rows = [];
  for (const [what, peer] of [
    ["file.stream()", "fetch, body"],
    ["file.blob()", "fetch, blob()"],
  ] as const) {
    const [ours, theirs] = [await measured(what), await measured(peer)];
    const ratio = ours.peakMB / theirs.peakMB;
    rows.push({ what, ...ours, ratio: `${ratio.toFixed(2)} × ${peer}`, held: ratio <= MOST });
    rows.push({ what: peer, ...theirs, ratio: "1", held: true });
  }
  console.log(
    `${size / MB} MB, medians of ${values.rounds} rounds; memory of all of Chromium's processes over that of one byte`,
  );
  console.table(rows);
  if (rows.some(({ held }) => !held)) process.exitCode = 1;
} finally {
  site.closeAllConnections();
  site.close();
}

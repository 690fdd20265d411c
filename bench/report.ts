/**
 * Opens `report.html` with 2,000 pictures of 1024 × 1024 in Chromium, from disk, and measures: the time until
 * it can be used, scrolling from top to bottom, and typing into its search box. What counts is how long the
 * page's main thread is blocked. Run: npx tsx bench/report.ts
 */
import { link, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { startStandin } from "visionatrix-standin";
import type { Entry } from "../src/cli/batch/ledger.js";
import { writeReports } from "../src/cli/batch/report.js";

const PICTURES = 2000;
/** Number of different pictures; the browser loads each file name separately. */
const SEEDS = 4;
/** Limits for delays that a user begins to notice, in ms. */
const LIMITS = { usable: 3000, frame: 50, longest: 200, search: 200 };

const folder = await mkdtemp(join(tmpdir(), "vix-report-"));
const standin = await startStandin({ speed: "instant" });
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  await writeReport();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    const held: number[] = [];
    Object.assign(globalThis, { held });
    new PerformanceObserver((list) =>
      held.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: "longtask", buffered: true });
  });
  const openedAt = performance.now();
  await page.goto(pathToFileURL(join(folder, "report.html")).href, { waitUntil: "commit" });
  await page.waitForFunction(() => document.querySelectorAll("article").length === 2000);
  await page.waitForFunction(() => document.querySelector("img")?.complete);
  report("until the first picture", performance.now() - openedAt, LIMITS.usable);

  const pictures = await scroll(page);
  show("scrolling", pictures);
  const search = await page.evaluate(async () => {
    const input = document.querySelector("input") as HTMLInputElement;
    const startedAt = performance.now();
    input.value = "number 1234,";
    input.dispatchEvent(new Event("input"));
    while (document.querySelectorAll("article:not([hidden])").length !== 1)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - startedAt;
  });
  report("search", search, LIMITS.search);

  // The same page without pictures shows the limit of the machine.
  await page.evaluate(() => {
    for (const image of document.querySelectorAll("img")) image.removeAttribute("src");
    for (const card of document.querySelectorAll("article")) card.hidden = false;
  });
  const bare = await scroll(page);
  show("the same without pictures", bare);
  report("frame over that of the bare page", pictures.median - bare.median, LIMITS.frame);
  report("held up over that of the bare page", pictures.held - bare.held, LIMITS.longest);
} finally {
  await browser.close();
  await standin.close();
  await rm(folder, { recursive: true, force: true });
}

interface Scrolled {
  readonly count: number;
  /** Longest time that the main thread was blocked, and frame times, in ms. */
  readonly held: number;
  readonly median: number;
  readonly p95: number;
}

function scroll(page: Page): Promise<Scrolled> {
  return page.evaluate(async () => {
    const { held } = globalThis as unknown as { held: number[] };
    held.length = 0;
    const frames: number[] = [];
    let last = performance.now();
    // Half a window per frame: fast scrolling.
    for (let top = 0; top < document.documentElement.scrollHeight; top += 450) {
      scrollTo(0, top);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    frames.sort((a, b) => a - b);
    return {
      held: Math.max(0, ...held),
      count: frames.length,
      median: frames[frames.length >> 1] as number,
      p95: frames[Math.floor(frames.length * 0.95)] as number,
    };
  });
}

function show(name: string, { count, held, median, p95 }: Scrolled): void {
  console.log(
    `${name}: ${count} frames, median ${median.toFixed()} ms, 95 % within ${p95.toFixed()} ms, held up for ${held.toFixed()} ms at most`,
  );
}

function report(name: string, ms: number, limit: number): void {
  const holds = ms <= limit;
  if (!holds) process.exitCode = 1;
  console.log(`${name}: ${ms.toFixed()} ms (limit ${limit}) ${holds ? "ok" : "MISSED"}`);
}

async function writeReport(): Promise<void> {
  const client = createClient({ baseUrl: standin.url });
  const { files } = await sdxlLighting(client, { prompt: "a lighthouse", count: SEEDS }).result();
  for (const [at, file] of files.entries())
    await writeFile(join(folder, `seed-${at}.png`), await file.bytes());
  const entries = Array.from({ length: PICTURES }, (_, at): Entry => {
    const path = `${at + 1}-sdxl_lighting-${at}-t${at}-9-0.png`;
    const files = [{ path, kind: "image" }];
    const shot = { seed: at, task: { id: at, marker: "" }, stale: [], files, seconds: 4.2 };
    return { id: `line-${at}`, line: at + 1, flow: "sdxl_lighting", shots: [shot], open: [] };
  });
  for (const [at, { shots }] of entries.entries())
    await link(
      join(folder, `seed-${at % SEEDS}.png`),
      join(folder, shots[0]?.files?.[0]?.path ?? ""),
    );
  const ended = async function* () {
    for (const entry of entries) {
      await Promise.resolve();
      yield {
        entry,
        prompt: `a lighthouse at dawn, number ${entry.line}, ${"soft light, ".repeat(8)}`,
      };
    }
  };
  await writeReports(folder, { total: PICTURES, done: PICTURES, failed: 0 }, ended, []);
  await client.close();
}

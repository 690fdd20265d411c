/**
 * Writes the app's pictures in docs/images/, from the stand-in.
 * Run: npm run build && npx tsx scripts/screenshots.ts
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { startStandin } from "visionatrix-standin";
import { launch } from "../test/support/browser.js";

const FOLDER = "docs/images";

/** Largest picture, in bytes: every clone downloads all of them. */
const MOST_BYTES = 150_000;

const PROMPTS = [
  "a lighthouse at dawn, oil painting",
  "a red fox in the snow, soft light",
  "an old harbour, watercolour",
  "mountains under the northern lights",
  "rain on a city street at night",
  "a quiet lake in autumn, mist",
  "dunes under a full moon",
  "a meadow in spring, wide angle",
];

const standin = await startStandin({ speed: 10, maxPictureSide: 768 });
const config = mkdtempSync(join(tmpdir(), "vix-screenshots-"));
const app = spawn(process.execPath, ["bin/vix.js", "ui", "--no-open", "--port", "0"], {
  env: { ...process.env, VIX_URL: standin.url, XDG_CONFIG_HOME: config },
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await launch();

try {
  const address = await new Promise<string>((resolve) => {
    let text = "";
    app.stdout.on("data", (piece: Buffer) => {
      text += piece.toString();
      const found = /http:\/\/\S+\?token=[\w-]+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  mkdirSync(FOLDER, { recursive: true });

  const desk = await open(address, { viewport: { width: 1360, height: 900 } });
  for (const [at, text] of PROMPTS.entries()) await run(desk, text, at + 1);
  standin.addFaults({ do: "take", ms: 20_000 });
  await run(desk, "a bowl of cherries on linen", PROMPTS.length);
  await run(desk, "a bowl of cherries on linen, from above", PROMPTS.length);
  await desk.getByText("1 before it in the queue").waitFor();
  await desk.getByText(/^\d\d %$/).waitFor();
  await save(desk, "app");

  const dark = { colorScheme: "dark" } as const;
  const result = await open(address, { viewport: { width: 1360, height: 820 }, ...dark });
  await result.locator(".card img").nth(3).click();
  await result.locator(".stage img").waitFor();
  await result.getByText("Use in another flow").click();
  await save(result, "app-result");

  const size = { width: 390, height: 844 };
  const phone = await open(address, { viewport: size, isMobile: true, hasTouch: true });
  await phone.locator(".card").first().locator("img").waitFor();
  await save(phone, "app-phone");
} finally {
  await browser.close();
  app.kill("SIGINT");
  await standin.close();
  rmSync(config, { recursive: true, force: true });
}

async function open(address: string, options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage({ reducedMotion: "reduce", ...options });
  await page.goto(address);
  await page.locator("#form").waitFor();
  return page;
}

/** Runs a prompt. @param results number of results to wait for */
async function run(page: Page, text: string, results: number): Promise<void> {
  const box = page.getByLabel("Prompt", { exact: true });
  await box.fill(text);
  await box.press("Control+Enter");
  await page.locator(".row, .card").filter({ hasText: text }).first().waitFor();
  await page
    .locator(".card img")
    .nth(results - 1)
    .waitFor({ timeout: 60_000 });
}

async function save(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.jpg`);
  await page.screenshot({ path, type: "jpeg", quality: 82 });
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}.`);
  console.log(`${path}: ${size} bytes`);
}

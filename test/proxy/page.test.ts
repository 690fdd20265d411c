/** The page of `examples/browser` in Chromium, behind its proxy. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startStandin, type Standin } from "visionatrix-standin";
import { CHROMIUM, launch, NO_CHROMIUM, servePage, type Site } from "../support/browser.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

describe.skipIf(!CHROMIUM)("the page behind its proxy", () => {
  let browser: Browser;
  let standin: Standin;
  let site: Site;
  /** Duration of a task, in ms. */
  let duration = 300;

  beforeAll(async () => {
    standin = await startStandin({
      speed: 1,
      duration: () => duration,
      maxPictureSide: 64,
    });
    [browser, site] = await Promise.all([launch(), servePage(standin.url)]);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
    await standin.close();
  });

  async function open(): Promise<{ page: Page; asked: string[] }> {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    page.setDefaultTimeout(15_000);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(site.origin);
    return { page, asked };
  }

  it("runs a prompt, and talks to its own site alone", async () => {
    const { page, asked } = await open();
    await page.getByLabel("Prompt").fill("a lighthouse at dawn");
    await page.getByRole("button", { name: "Run" }).click();
    const picture = page.getByRole("img", { name: "Result of sdxl_lighting" });
    await picture.waitFor();
    const width = await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    expect(width).toBeGreaterThan(0);
    const elsewhere = asked.filter(
      (url) => !/^(blob:|data:)/.test(url) && !url.startsWith(site.origin),
    );
    expect(elsewhere).toEqual([]);
    expect(asked.some((url) => url.startsWith(`${site.origin}/api/vix/vapi/tasks/create/`))).toBe(
      true,
    );
  });

  it("sends a picture, and shows how much of it was sent", async () => {
    const { page } = await open();
    const seen = page.waitForFunction(() =>
      /^Sent \d+ bytes$/.test(document.querySelector("#status")?.textContent ?? ""),
    );
    await page.locator("input[type=file]").setInputFiles("examples/still-life.jpg");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("img", { name: "Result of remove_background_birefnet" }).waitFor();
    await seen;
  });

  it("says what is wrong", async () => {
    const { page } = await open();
    await page.getByLabel("Prompt").fill("x".repeat(400_000) + "é".repeat(400_000));
    await page.getByRole("button", { name: "Run" }).click();
    await page
      .getByRole("alert")
      .getByText("`prompt` is longer than the server's limit of 1 MiB")
      .waitFor();
  });

  it("cancels on the server", async () => {
    const { page } = await open();
    const cancels = () => standin.requests.filter(({ endpoint }) => endpoint === "cancel").length;
    const before = cancels();
    duration = 60_000;
    onTestFinished(() => void (duration = 300));
    await page.getByLabel("Prompt").fill("a");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/queued|running/).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled").waitFor();
    expect(cancels()).toBe(before + 1);
  });
});

/** The React example in Chromium: StrictMode, stopping, reload, unmounting. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { startStandin, type Standin } from "visionatrix-standin";
import { CHROMIUM, launch, NO_CHROMIUM, servePage, type Site } from "../support/browser.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

describe.skipIf(!CHROMIUM)("React", () => {
  let browser: Browser;
  let standin: Standin;
  let site: Site;
  /** Duration of a task, in ms. */
  let duration: number;

  beforeAll(async () => {
    standin = await startStandin({ speed: 1, duration: () => duration, maxPictureSide: 64 });
    [browser, site] = await Promise.all([launch(), servePage(standin.url, "examples/react")]);
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
    await standin.close();
  });
  beforeEach(() => {
    duration = 300;
  });

  async function open(): Promise<Page> {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    page.setDefaultTimeout(15_000);
    await page.goto(site.origin);
    return page;
  }

  const asked = (endpoint: string) =>
    standin.requests.filter((request) => request.endpoint === endpoint && request.method !== "GET")
      .length;

  async function run(page: Page) {
    const own = page.getByRole("region", { name: "Own hook" });
    await own.getByLabel("Prompt").fill("a");
    await own.getByRole("button", { name: "Run" }).click();
    return own;
  }

  it("runs once in StrictMode, and resumes the task after a reload", async () => {
    const page = await open();
    const before = asked("create");
    const own = await run(page);
    await own.getByRole("img").waitFor();
    const { hash } = new URL(page.url());
    expect(hash).toMatch(/^#\d+$/);
    await page.reload();
    await own.getByRole("img", { name: `Result of task ${hash.slice(1)}` }).waitFor();
    expect(asked("create")).toBe(before + 1);
    await own.getByRole("button", { name: "Reset" }).click();
    await own.getByText("idle 0 %").waitFor();
    expect(await own.getByRole("img").count()).toBe(0);
  });

  it("cancels by stop, also after a reload", async () => {
    duration = 60_000;
    const page = await open();
    const before = asked("cancel");
    const own = await run(page);
    await own.getByText(/^(queued|running)/).waitFor();
    await own.getByRole("button", { name: "Stop" }).click();
    await own.getByRole("alert").waitFor();
    await expect.poll(() => asked("cancel")).toBe(before + 1);

    await run(page);
    await own.getByText(/^(queued|running)/).waitFor();
    await page.waitForURL(/#\d+$/);
    await page.reload();
    await own.getByText(/^(queued|running)/).waitFor();
    await own.getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => asked("cancel")).toBe(before + 2);
  });

  it("leaves the task running when it is unmounted", async () => {
    duration = 1500;
    const page = await open();
    const before = [asked("create"), asked("cancel")];
    const own = await run(page);
    await own.getByText(/^(queued|running)/).waitFor();
    await page.getByLabel("Shown").uncheck();
    await page.getByLabel("Shown").check();
    await own.getByRole("img").waitFor();
    expect([asked("create"), asked("cancel")]).toEqual([before[0]! + 1, before[1]]);
  });

  it("runs and stops as a mutation", async () => {
    const page = await open();
    const query = page.getByRole("region", { name: "TanStack Query" });
    await query.getByRole("button", { name: "Make a lighthouse" }).click();
    await query.getByRole("img").waitFor();
    duration = 60_000;
    const before = asked("cancel");
    await query.getByRole("button", { name: "Make a lighthouse" }).click();
    await query.getByText("0 %").waitFor();
    await query.getByRole("button", { name: "Stop" }).click();
    await query.getByRole("alert").waitFor();
    await expect.poll(() => asked("cancel")).toBe(before + 1);
  });
});

/** A whole working day in the app, in Chromium. */
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { startStandin, type Standin } from "visionatrix-standin";
import { CHROMIUM, launch, NO_CHROMIUM } from "../support/browser.js";
import { privateFlow } from "../cli/support.js";
import { goToFlow, openPage, startApp, type App } from "./support.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

vi.setConfig({ testTimeout: 130_000, hookTimeout: 60_000 });

/** Ten flows, and what fills their forms in: a text where there is one, the picture where one is asked for. */
const FLOWS = [
  "SDXL Lighting",
  "Flux",
  "Animagine XL",
  "Juggernaut XL",
  "Mobius XL",
  "Prometheus model",
  "AuraFlow",
  "ACE-Step Audio",
  "Remove background (BiRefNet)",
  "Vintage Portrait",
];

const PICTURE = "examples/still-life.jpg";

describe.skipIf(!CHROMIUM)("a day in the app", () => {
  let browser: Browser;
  let standin: Standin;
  let app: App;
  const endings: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    standin = await startStandin({
      speed: 1,
      duration: 60,
      steps: 2,
      maxPictureSide: 48,
      recordBodies: 64 * 1024,
    });
    [browser, app] = await Promise.all([
      launch(),
      startApp(standin.url, {}, (finish) => void endings.push(finish)),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    for (const end of endings) await end();
    await standin.close();
  });

  const run = async (page: Page, text: string): Promise<void> => {
    for (const input of await page.locator('#form input[type="file"][aria-required]').all())
      await input.setInputFiles(PICTURE);
    const box = page.locator('#form [data-kind="main"] textarea');
    if (await box.count()) {
      await box.fill(text);
      await box.press("Control+Enter");
    } else await page.getByRole("button", { name: "Run", exact: true }).click();
  };
  const results = (page: Page) => page.getByRole("button", { name: /^Open / });
  const creates = () => standin.requests.filter(({ endpoint }) => endpoint === "create");
  const fresh = async (): Promise<void> => {
    await standin.reset();
    standin.clearFaults();
  };

  it("runs ten flows three times each, through a reload, a lost network and a second tab", async () => {
    await fresh();
    const { page, complaints } = await openPage(browser, app);
    for (const [at, flow] of FLOWS.entries()) {
      await goToFlow(page, flow);
      for (const time of ["first", "second", "third"]) await run(page, `${time} of ${flow}`);
      await vi.waitFor(() => expect(creates().length).toBe(3 * (at + 1)), { timeout: 30_000 });
      if (at === 3) {
        await page.reload();
        // The address keeps the flow, and the server the tasks.
        await page.getByRole("heading", { name: flow, exact: true }).waitFor();
      }
      if (at === 6) {
        await page.context().setOffline(true);
        await page.getByRole("alert").getByText("No connection to vix ui").waitFor();
        await page.context().setOffline(false);
        await page.getByText("No connection to vix ui").waitFor({ state: "detached" });
      }
    }
    const second = await page.context().newPage();
    await second.goto(app.origin);
    for (const each of [page, second])
      await vi.waitFor(async () => expect(await results(each).count()).toBe(30), {
        timeout: 30_000,
      });
    expect(standin.requests.filter(({ endpoint }) => endpoint === "create").length).toBe(30);
    // The flow used last stands first.
    const recent = second.getByRole("navigation", { name: "Flows" }).getByRole("button").first();
    expect(await recent.innerText()).toContain("Vintage Portrait");
    // Every picture that is in view is a picture.
    await vi.waitFor(
      async () => {
        const widths = await second
          .locator(".card img")
          .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
        expect(widths.length).toBeGreaterThan(3);
        expect(widths.every((width) => width > 0)).toBe(true);
      },
      { timeout: 30_000 },
    );
    // Nothing but settings is stored, and they were not touched.
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    // A result deleted in one tab goes in the other.
    await results(second).first().click();
    await second.getByRole("button", { name: "Delete", exact: true }).click();
    await second.getByRole("button", { name: "Delete for good" }).click();
    for (const each of [page, second])
      await vi.waitFor(async () => expect(await results(each).count()).toBe(29), {
        timeout: 30_000,
      });
    expect(complaints).toEqual([]);
  });

  it("shows several runs with their places, and cancels one", async () => {
    await fresh();
    standin.addFaults({ do: "take", ms: 60_000 });
    const { page } = await openPage(browser, app);
    await goToFlow(page, "SDXL Lighting");
    for (const text of ["first", "second", "third"]) await run(page, text);
    const queue = page.getByRole("region", { name: /In progress/ });
    await queue.getByText("2 before it in the queue").waitFor();
    const rows = queue.getByRole("listitem");
    expect(await rows.filter({ hasText: "first" }).getByRole("progressbar").count()).toBe(1);
    await rows
      .filter({ hasText: "second" })
      .getByRole("button", { name: /^Cancel/ })
      .click();
    await queue.getByText("1 before it in the queue").waitFor();
    await vi.waitFor(() =>
      expect(standin.requests.filter(({ endpoint }) => endpoint === "cancel").length).toBe(1),
    );
    await page.reload();
    await vi.waitFor(async () => expect(await rows.count()).toBe(2), { timeout: 30_000 });
    for (let left = 2; left > 0; left--)
      await rows
        .first()
        .getByRole("button", { name: /^Cancel/ })
        .click();
    await queue.waitFor({ state: "detached" });
  });

  it("goes on from a result: again, varied, in another flow, downloaded, compared", async () => {
    await fresh();
    const { page, complaints } = await openPage(browser, app);
    await goToFlow(page, "SDXL Lighting");
    await run(page, "a heron");
    await vi.waitFor(async () => expect(await results(page).count()).toBe(1), { timeout: 30_000 });
    await results(page).first().click();
    const viewer = page.getByRole("dialog");
    await viewer.getByText("a heron").waitFor();
    await viewer.getByRole("button", { name: "Run again" }).click();
    await vi.waitFor(() => expect(creates().length).toBe(2), { timeout: 30_000 });
    await viewer.getByRole("button", { name: "Vary" }).click();
    await vi.waitFor(() => expect(creates().length).toBe(3), { timeout: 30_000 });
    const bodies = creates().map(({ body }) => String(body));
    const seeds = bodies.map((body) => /name="seed"\r\n\r\n(\d+)/.exec(body)?.[1]);
    expect(seeds[1]).toBe(seeds[0]);
    expect(seeds[2]).not.toBe(seeds[0]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      viewer.getByRole("button", { name: "Download" }).click(),
    ]);
    expect((await readFile(await download.path())).subarray(1, 4).toString()).toBe("PNG");
    await viewer.getByText("Use in another flow").click();
    await viewer.getByRole("button", { name: "Remove background (BiRefNet)" }).click();
    await page.getByText(/^Result \d+$/).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await vi.waitFor(() => expect(creates().length).toBe(4), { timeout: 30_000 });
    // By reference: its bytes stay on the server.
    expect(String(creates()[3]?.body)).toContain('"node_id"');
    expect(String(creates()[3]?.body)).not.toContain("PNG");
    await vi.waitFor(async () => expect(await results(page).count()).toBe(4), { timeout: 30_000 });
    for (const at of [2, 3])
      await page
        .getByRole("button", { name: /^Select for comparing/ })
        .nth(at)
        .click();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    const rows = page.getByRole("dialog", { name: "Compared" }).getByRole("row");
    await rows.filter({ hasText: "Seed" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("paints a mask on the picture", async () => {
    await fresh();
    const { page, complaints } = await openPage(browser, app);
    await goToFlow(page, "Flux Redraw");
    await page.locator('#form input[type="file"]').first().setInputFiles(PICTURE);
    await page.getByRole("button", { name: "Paint the mask" }).first().click();
    const canvas = page.getByRole("dialog").locator("canvas");
    await vi.waitFor(async () =>
      expect(await canvas.evaluate((each) => (each as HTMLCanvasElement).width)).toBeGreaterThan(
        300,
      ),
    );
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    // The keyboard's brush begins in the middle.
    await canvas.focus();
    await canvas.press(" ");
    await page.getByRole("button", { name: "Use the mask" }).click();
    const shown = page.locator(".drop img").nth(1);
    await shown.waitFor();
    const pixels = await shown.evaluate((image) => {
      const pen = new OffscreenCanvas(100, 100).getContext("2d")!;
      pen.drawImage(image as HTMLImageElement, 0, 0, 100, 100);
      return [10, 33, 50, 90].map((x) => pen.getImageData(x, 50, 1, 1).data[3]);
    });
    expect(pixels).toEqual([255, 0, 0, 255]);
    await page.getByLabel("Prompt").first().fill("a red kite");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await vi.waitFor(() => expect(creates().length).toBe(1), { timeout: 30_000 });
    await vi.waitFor(async () => expect(await results(page).count()).toBe(1), { timeout: 30_000 });
    expect(complaints).toEqual([]);
  });

  it("says what is wrong with the form where it is, and sends nothing", async () => {
    await fresh();
    const { page } = await openPage(browser, app);
    await goToFlow(page, "Remove background (BiRefNet)");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const field = page.locator('#form input[type="file"]');
    await page.getByText("Please choose a file.").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
    await goToFlow(page, "SDXL Lighting");
    await page.getByLabel("How many").fill("many");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("Please enter a whole number.").waitFor();
    expect(creates()).toEqual([]);
    expect(await page.locator("body").innerText()).not.toMatch(/input_image|`|undefined|\{\w+\}/);
  });

  it("shows what failed in plain words, and tries again", async () => {
    await fresh();
    standin.addFaults({ do: "fail", error: "CUDA out of memory\n", times: 1 });
    const { page } = await openPage(browser, app);
    await goToFlow(page, "SDXL Lighting");
    await run(page, "a whale");
    await page.getByText("The server could not finish this run.").waitFor();
    await page.getByText("Details").click();
    await page.getByText("CUDA out of memory").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await vi.waitFor(async () => expect(await results(page).count()).toBe(1), { timeout: 30_000 });
    await page.getByText("The server could not finish this run.").waitFor({ state: "detached" });
  });

  it("says at once that the server is away, also at the very first call, and comes back", async () => {
    await fresh();
    await standin.goOffline();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(app.address);
    const startedAt = performance.now();
    await page.getByRole("alert").getByText("does not answer").waitFor();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await standin.goOnline();
    await page.getByText("does not answer").waitFor({ state: "detached" });
    await page.locator("#form").waitFor();
    await goToFlow(page, "SDXL Lighting");
    await standin.goOffline();
    await run(page, "an otter");
    await page.getByText("Waiting for the server").waitFor();
    await standin.goOnline();
    await vi.waitFor(async () => expect(await results(page).count()).toBe(1), { timeout: 30_000 });
    expect(creates().length).toBe(1);
    await context.close();
  });

  it("tells when vix ui is gone, and when it was started anew", async () => {
    const own = await startApp(standin.url);
    const { page } = await openPage(browser, own);
    await own.stop();
    await page.getByRole("alert").getByText("No connection to vix ui").waitFor();
    const again = await startApp(standin.url, { args: ["--port", `${own.port}`] });
    expect(again.origin).toBe(own.origin);
    await page.getByRole("alert").getByText("vix ui was started anew").waitFor();
    await page.goto(again.address);
    await page.locator("#form").waitFor();
  });

  it("makes a form for a private flow from what the server tells, and shows its text", async () => {
    const own = await startStandin({
      speed: "instant",
      flows: privateFlow(),
      outputs: { my_portrait: [{ node: 9, type: "text" }] },
      recordBodies: 4096,
    });
    onTestFinished(() => own.close());
    const { page, complaints } = await openPage(browser, await startApp(own.url));
    await page.getByLabel("Prompt").fill("a face");
    await page.getByLabel("发型").selectOption("长");
    await page.getByLabel("Strength").fill("0.7");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: /^Open Text/ }).click();
    const text = page.getByRole("dialog").locator("pre");
    await vi.waitFor(async () => expect((await text.innerText()).length).toBeGreaterThan(10));
    const body = own.requests.find(({ endpoint }) => endpoint === "create")?.body?.toString();
    expect(body).toMatch(/name="hair_style"\r\n\r\n长/);
    expect(body).toMatch(/name="strength"\r\n\r\n0\.7/);
    expect(complaints).toEqual([]);
  });

  it("lets others in by the password that it was started with", async () => {
    const args = ["--host", "0.0.0.0"];
    const own = await startApp(standin.url, { args, env: { VIX_UI_PASSWORD: "open sesame" } });
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(own.origin);
    await page.getByLabel("Password").fill("open barley");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.getByRole("alert").getByText("That is not the password.").waitFor();
    await page.getByLabel("Password").fill("open sesame");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator("#form").waitFor();
  });

  it("shows sounds and films as what they are, and a tile for bodies", async () => {
    await fresh();
    const { page } = await openPage(browser, app);
    for (const flow of ["ACE-Step Audio", "Hunyuan: Image To Video", "Hunyuan3D"]) {
      await goToFlow(page, flow);
      await run(page, "a waltz");
    }
    await vi.waitFor(async () => expect(await results(page).count()).toBe(3), { timeout: 30_000 });
    const window = page.getByRole("dialog");
    const seconds = (kind: string): Promise<number> =>
      window.locator(kind).evaluate((each) => (each as HTMLMediaElement).duration);
    for (const [name, kind] of [
      ["Audio", "audio"],
      ["Video", "video[controls]"],
    ] as const) {
      await page.getByRole("button", { name: new RegExp(`^Open ${name}`) }).click();
      await vi.waitFor(async () => expect(await seconds(kind)).toBeGreaterThan(0), {
        timeout: 30_000,
      });
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: /^Open 3D model/ }).click();
    await window.getByText("Download it, and open it in a 3D program.").waitFor();
  });
});

/** A whole working day in the app, in Chromium. */
import { readFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startStandin } from "visionatrix-standin";
import { privateFlow } from "../cli/support.js";
import { CHROMIUM, NO_CHROMIUM } from "../support/browser.js";
import {
  creates,
  goToFlow,
  openPage,
  PICTURE,
  results,
  run,
  sharedWorld,
  startApp,
} from "./support.js";
import { PATIENCE_MS } from "../support/patience.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

/** Ten flows for a working day. */
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

describe.skipIf(!CHROMIUM)("a day in the app", () => {
  const world = sharedWorld();

  it("runs ten flows three times each, through a reload, a lost network and a second tab", async () => {
    const { page, complaints } = await openPage(world.browser, world.app);
    for (const [at, flow] of FLOWS.entries()) {
      await goToFlow(page, flow);
      for (const time of ["first", "second", "third"]) await run(page, `${time} of ${flow}`);
      await expect.poll(() => creates(world).length).toBe(3 * (at + 1));
      if (at === 3) {
        await page.reload();
        // The address keeps the flow, and the server keeps the tasks.
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
    await second.goto(world.app.origin);
    for (const each of [page, second])
      await expect.poll(async () => results(each).count()).toBe(30);
    expect(world.standin.requests.filter(({ endpoint }) => endpoint === "create").length).toBe(30);
    // The last used flow comes first.
    const recent = second.getByRole("navigation", { name: "Flows" }).getByRole("button").first();
    expect(await recent.innerText()).toContain("Vintage Portrait");
    // Every visible picture has loaded.
    await vi.waitFor(async () => {
      const widths = await second
        .locator(".card img")
        .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
      expect(widths.length).toBeGreaterThan(3);
      expect(widths.every((width) => width > 0)).toBe(true);
    }, PATIENCE_MS);
    // Only settings are stored, and none was changed.
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    // A result deleted in one tab disappears in the other.
    await results(second).first().click();
    await second.getByRole("button", { name: "Delete", exact: true }).click();
    await second.getByRole("button", { name: "Delete for good" }).click();
    for (const each of [page, second])
      await expect.poll(async () => results(each).count()).toBe(29);
    expect(complaints).toEqual([]);
  });

  it("shows several runs with their places, and cancels one", async () => {
    world.standin.addFaults({ do: "take", ms: 60_000 });
    const { page } = await openPage(world.browser, world.app);
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
    await expect
      .poll(() => world.standin.requests.filter(({ endpoint }) => endpoint === "cancel").length)
      .toBe(1);
    await page.reload();
    await expect.poll(async () => rows.count()).toBe(2);
    for (let left = 2; left > 0; left--)
      await rows
        .first()
        .getByRole("button", { name: /^Cancel/ })
        .click();
    await queue.waitFor({ state: "detached" });
  });

  it("goes on from a result: again, varied, in another flow, downloaded, compared", async () => {
    const { page, complaints } = await openPage(world.browser, world.app);
    await goToFlow(page, "SDXL Lighting");
    await run(page, "a heron");
    await expect.poll(async () => results(page).count()).toBe(1);
    await results(page).first().click();
    const viewer = page.getByRole("dialog");
    await viewer.getByText("a heron").waitFor();
    await viewer.getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => creates(world).length).toBe(2);
    await viewer.getByRole("button", { name: "Vary" }).click();
    await expect.poll(() => creates(world).length).toBe(3);
    const bodies = creates(world).map(({ body }) => String(body));
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
    await expect.poll(() => creates(world).length).toBe(4);
    // By reference: the bytes stay on the server.
    expect(String(creates(world)[3]?.body)).toContain('"node_id"');
    expect(String(creates(world)[3]?.body)).not.toContain("PNG");
    await expect.poll(async () => results(page).count()).toBe(4);
    for (const at of [2, 3])
      await page
        .getByRole("button", { name: /^Select to compare/ })
        .nth(at)
        .click();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    const rows = page.getByRole("dialog", { name: "Compared" }).getByRole("row");
    await rows.filter({ hasText: "Seed" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("paints a mask on the picture", async () => {
    const { page, complaints } = await openPage(world.browser, world.app);
    await goToFlow(page, "Flux Redraw");
    await page.locator('#form input[type="file"]').first().setInputFiles(PICTURE);
    await page.getByRole("button", { name: "Paint the mask" }).first().click();
    const canvas = page.getByRole("dialog").locator("canvas");
    await expect
      .poll(async () => canvas.evaluate((each) => (each as HTMLCanvasElement).width))
      .toBeGreaterThan(300);
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    // The keyboard's brush starts in the middle.
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
    await expect.poll(() => creates(world).length).toBe(1);
    await expect.poll(async () => results(page).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("makes a form for a private flow from what the server tells, and shows its text", async () => {
    const own = await startStandin({
      speed: "instant",
      flows: privateFlow(),
      outputs: { my_portrait: [{ node: 9, type: "text" }] },
      recordBodies: 4096,
    });
    onTestFinished(() => own.close());
    const { page, complaints } = await openPage(world.browser, await startApp(own.url));
    await page.getByLabel("Prompt").fill("a face");
    await page.getByLabel("发型").selectOption("长");
    await page.getByLabel("Strength").fill("0.7");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("button", { name: /^Open Text/ }).click();
    const text = page.getByRole("dialog").locator("pre");
    await expect.poll(async () => (await text.innerText()).length).toBeGreaterThan(10);
    const body = own.requests.find(({ endpoint }) => endpoint === "create")?.body?.toString();
    expect(body).toMatch(/name="hair_style"\r\n\r\n长/);
    expect(body).toMatch(/name="strength"\r\n\r\n0\.7/);
    expect(complaints).toEqual([]);
  });

  it("shows sounds and films as what they are, and a tile for bodies", async () => {
    const { page } = await openPage(world.browser, world.app);
    for (const flow of ["ACE-Step Audio", "Hunyuan: Image To Video", "Hunyuan3D"]) {
      await goToFlow(page, flow);
      await run(page, "a waltz");
    }
    await expect.poll(async () => results(page).count()).toBe(3);
    const window = page.getByRole("dialog");
    const seconds = (kind: string): Promise<number> =>
      window.locator(kind).evaluate((each) => (each as HTMLMediaElement).duration);
    for (const [name, kind] of [
      ["Audio", "audio"],
      ["Video", "video[controls]"],
    ] as const) {
      await page.getByRole("button", { name: new RegExp(`^Open ${name}`) }).click();
      await expect.poll(async () => seconds(kind)).toBeGreaterThan(0);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: /^Open 3D model/ }).click();
    await window.getByText("Download it, and open it in a 3D program.").waitFor();
  });
});

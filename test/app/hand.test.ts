/** Regression tests for using fields, the queue and results by hand. */
import { describe, expect, it, onTestFinished } from "vitest";
import { startStandin } from "visionatrix-standin";
import type { Page } from "playwright-core";
import { CHROMIUM, NO_CHROMIUM } from "../support/browser.js";
import { creates, goToFlow, openPage, results, run, sharedWorld, startApp } from "./support.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

/** The name of the focused element. */
function focused(page: Page): Promise<string> {
  return page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id ?? "",
  );
}

describe.skipIf(!CHROMIUM)("the app in the hand", () => {
  const world = sharedWorld();

  it("lets a number be cleared and retyped, and leaves an empty one to the flow", async () => {
    const { page } = await openPage(world.browser, world.app);
    await goToFlow(page, "SDXL Lighting");
    const count = page.getByLabel("How many");
    await count.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Backspace");
    expect(await count.inputValue()).toBe("");
    await page.keyboard.type("2");
    expect(await count.inputValue()).toBe("2");
    await page.keyboard.press("Backspace");
    await run(page, "a heron");
    await expect.poll(async () => results(page).count()).toBe(1);
  });

  it("says that it cancels, and that it could not", async () => {
    world.standin.addFaults({ do: "take", ms: 60_000 });
    world.standin.addFaults({ on: "cancel", do: "status", status: 400, times: 1 });
    const { page } = await openPage(world.browser, world.app);
    await goToFlow(page, "SDXL Lighting");
    await run(page, "stuck");
    const row = page.getByRole("region", { name: /In progress/ }).getByRole("listitem");
    await row.getByRole("button", { name: /^Cancel/ }).click();
    await row.getByRole("alert").getByText("Could not be cancelled").waitFor();
    expect(await row.count()).toBe(1);
    world.standin.clearFaults();
    world.standin.addFaults({ on: "cancel", do: "delay", ms: 1500 });
    await row.getByRole("button", { name: /^Cancel/ }).click();
    await row.getByText("Cancelling…").waitFor();
    await row.waitFor({ state: "detached" });
  });

  it("keeps the results in sight when there are many runs, and cancels all of them", async () => {
    world.standin.addFaults({ do: "take", ms: 60_000 });
    const { page } = await openPage(world.browser, world.app);
    await goToFlow(page, "SDXL Lighting");
    await page.getByLabel("How many").fill("30");
    await run(page, "a flock");
    const queue = page.getByRole("region", { name: /In progress/ });
    await queue.getByRole("button", { name: "25 more" }).waitFor();
    const rows = queue.getByRole("listitem");
    expect(await rows.count()).toBe(5);
    await queue.getByRole("button", { name: "25 more" }).click();
    expect(await rows.count()).toBe(30);
    await queue.getByRole("button", { name: "Show fewer" }).click();
    expect(await rows.count()).toBe(5);
    await queue.getByRole("button", { name: "Cancel all" }).click();
    await queue.getByRole("button", { name: "Cancel 30 runs" }).click();
    await queue.waitFor({ state: "detached" });
    expect(creates(world).length).toBe(1);
  });

  it("says how many files go with a run, keeps a refusal in sight, and moves on to the next", async () => {
    const own = await startStandin({
      speed: "instant",
      maxPictureSide: 48,
      outputs: {
        sdxl_lighting: [
          { node: 9, type: "image" },
          { node: 12, type: "image" },
        ],
      },
    });
    onTestFinished(() => own.close());
    const { page } = await openPage(world.browser, await startApp(own.url));
    await goToFlow(page, "SDXL Lighting");
    for (const [at, text] of ["older", "newer"].entries()) {
      await run(page, text);
      await expect.poll(async () => results(page).count()).toBe(2 * at + 2);
    }
    own.addFaults({ on: "delete", do: "status", status: 400 });
    await results(page).first().click();
    const window = page.getByRole("dialog");
    await window.getByRole("button", { name: "Delete run (2 files)" }).click();
    await window.getByRole("button", { name: "Delete 2 files for good" }).click();
    const problem = window.getByRole("alert");
    await problem.getByText("could not process").waitFor();
    // Longer than a passing message is shown.
    await page.waitForTimeout(6000);
    expect(await problem.count()).toBe(1);
    own.clearFaults();
    await window.getByRole("button", { name: "Delete run (2 files)" }).click();
    await window.getByRole("button", { name: "Delete 2 files for good" }).click();
    await window.waitFor({ state: "detached" });
    expect(await results(page).count()).toBe(2);
    await expect.poll(async () => focused(page)).toMatch(/^Open .*older/);
    await results(page).first().click();
    await window.getByRole("button", { name: "Delete run (2 files)" }).click();
    await window.getByRole("button", { name: "Delete 2 files for good" }).click();
    await expect.poll(async () => focused(page)).toBe("results-title");
  });

  it("follows an address only to a flow that exists", async () => {
    const { page, complaints } = await openPage(world.browser, world.app);
    await goToFlow(page, "SDXL Lighting");
    const heading = page.getByRole("heading", { name: "SDXL Lighting", exact: true });
    for (const hash of ["#nope", "#%"]) {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.waitForURL(/#sdxl_lighting$/);
      expect(await heading.count()).toBe(1);
      expect(await page.locator("#form").count()).toBe(1);
    }
    await page.goto(`${world.app.origin}/#%`);
    await page.reload();
    await page.locator("#form").waitFor();
    expect(complaints).toEqual([]);
  });

  it("folds a long prompt on a phone", async () => {
    const { page } = await openPage(world.browser, world.app, {
      viewport: { width: 390, height: 800 },
    });
    const text = "a very long tale of a castle ".repeat(60);
    await run(page, text);
    await results(page).first().click();
    const value = page.getByRole("complementary").getByText("a very long tale").first();
    const heightOf = async () => (await value.boundingBox())?.height ?? 0;
    const folded = await heightOf();
    expect(folded).toBeLessThan(200);
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await heightOf()).toBeGreaterThan(2 * folded);
  });
});

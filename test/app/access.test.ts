/**
 * Accessibility of every screen of the app: axe finds nothing, at each width, in each colour scheme and
 * language.
 */
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startStandin, type Standin } from "visionatrix-standin";
import { CHROMIUM, launch, NO_CHROMIUM } from "../support/browser.js";
import { openPage, startApp, type App } from "./support.js";
import { PATIENCE_MS } from "../support/patience.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

const WIDTHS = [390, 768, 1280, 2560];

describe.skipIf(!CHROMIUM)("the app for everybody", () => {
  let browser: Browser;
  let standin: Standin;
  let app: App;
  let page: Page;
  const endings: (() => Promise<void>)[] = [];
  const later = (finish: () => Promise<void>): void => void endings.unshift(finish);

  beforeAll(async () => {
    standin = await startStandin({ speed: "instant", maxPictureSide: 48 });
    endings.push(() => standin.close());
    [browser, app] = await Promise.all([launch(), startApp(standin.url, {}, later)]);
    later(() => browser.close());
    ({ page } = await openPage(browser, app, { bypassCSP: true }, later));
    await page.addScriptTag({ content: axe.source });
    // Two results, a failed task and a running one.
    const prompt = page.getByLabel("Prompt", { exact: true });
    for (const text of ["a lighthouse", "a heron"]) {
      await prompt.fill(text);
      await prompt.press("Control+Enter");
    }
    const cards = page.locator(".card img");
    await vi.waitFor(async () => expect(await cards.count()).toBe(2), PATIENCE_MS);
    standin.addFaults({ do: "fail", nth: 1 }, { do: "take", ms: 600_000, nth: 2 });
    for (const text of ["a whale", "a waltz"]) {
      await prompt.fill(text);
      await prompt.press("Control+Enter");
    }
    const rows = page.locator(".row");
    await vi.waitFor(async () => expect(await rows.count()).toBe(2), PATIENCE_MS);
  });
  afterAll(async () => {
    for (const end of endings) await end();
  });

  /** The findings of axe on the current page. */
  async function faults(): Promise<string[]> {
    const { violations } = await page.evaluate(async () => {
      const { axe: checker } = window as unknown as { axe: typeof axe };
      return checker.run(document, { resultTypes: ["violations"] });
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${String(target)} ${failureSummary}`),
    );
  }

  async function dress(width: number, theme: string, language: string): Promise<void> {
    await page.setViewportSize({ width, height: 900 });
    await page.getByLabel(/Language|语言/).selectOption(language);
    await page.getByLabel(/Colours|外观/).selectOption(theme);
  }

  /** How far the page is wider than the window; 0 if nothing overflows. */
  async function overflow(): Promise<number> {
    return page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }

  describe.each(WIDTHS)("at %i px", (width) => {
    it.each([
      ["light", "en"],
      ["dark", "zh"],
      ["dark", "en"],
      ["light", "zh"],
    ])("has no fault in %s, %s", async (theme, language) => {
      await dress(width, theme, language);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(
        language === "zh" ? "zh-CN" : "en",
      );
      expect(await faults()).toEqual([]);
      expect(await overflow()).toBe(0);
    });

    it("has none in its windows, light and dark", async () => {
      for (const theme of ["light", "dark"]) {
        await dress(width, theme, "en");
        await page
          .getByRole("button", { name: /^Open / })
          .first()
          .click();
        await page.getByRole("dialog").locator("img").waitFor();
        expect(await faults()).toEqual([]);
        expect(await overflow()).toBe(0);
        await page.keyboard.press("Escape");
        if (width < 1024) {
          await page.getByRole("button", { name: "Choose a flow" }).click();
          expect(await faults()).toEqual([]);
          await page.keyboard.press("Escape");
        }
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
    });
  });

  it("has none where something is wrong", async () => {
    await dress(768, "light", "en");
    await page.evaluate(() => void (location.hash = "flux1_dev_inpaint"));
    await page.getByRole("heading", { name: "Flux Redraw" }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("Please choose a file.").first().waitFor();
    await standin.goOffline();
    await page.getByText("does not respond").waitFor();
    expect(await faults()).toEqual([]);
    await standin.goOnline();
    await page.getByText("does not respond").waitFor({ state: "detached" });
  });

  it("can be used by keyboard alone: from the first key to a run, a result, and back", async () => {
    const { page } = await openPage(browser, app);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the form");
    await page.keyboard.press("Enter");
    await page.keyboard.type("by keyboard");
    await page.keyboard.press("Control+Enter");
    const row = page.getByRole("listitem").filter({ hasText: "by keyboard" });
    await row.first().waitFor();
    const card = page.getByRole("button", { name: /^Open .*a heron/ });
    await card.focus();
    await page.keyboard.press("Enter");
    const viewer = page.getByRole("dialog");
    await viewer.getByText("a heron").waitFor();
    await page.keyboard.press("ArrowRight");
    await viewer.getByText("a lighthouse").waitFor();
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "detached" });
    // The focus has returned to where it was.
    expect(await card.evaluate((each) => each === document.activeElement)).toBe(true);
  });

  it("follows the browser's language, until another is chosen", async () => {
    const { page: chinese } = await openPage(browser, app, { locale: "zh-CN" });
    await chinese.getByRole("button", { name: "运行" }).waitFor();
    expect(await chinese.locator("body").innerText()).not.toMatch(/\{\w+\}/);
    await chinese.getByLabel("语言").selectOption("en");
    await chinese.reload();
    await chinese.getByRole("button", { name: "Run", exact: true }).waitFor();
  });
});

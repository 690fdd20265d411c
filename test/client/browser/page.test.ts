/** The client in a real browser, by the page of `examples/browser`, across origins. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { CHROMIUM, launch, NO_CHROMIUM, servePage, type Site } from "../../support/browser.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

describe.skipIf(!CHROMIUM)("in Chromium", () => {
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), servePage()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  /** The page, in a profile of its own, with a stand-in that allows it unless told otherwise. */
  async function open(
    flow: string,
    options: StandinOptions = {},
  ): Promise<{ page: Page; standin: Standin; problems: string[] }> {
    const standin = await startStandin({
      speed: "instant",
      corsOrigins: [site.origin],
      ...options,
    });
    onTestFinished(() => standin.close());
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    page.setDefaultTimeout(15_000);
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(`${site.origin}/?server=${encodeURIComponent(standin.url)}&flow=${flow}`);
    return { page, standin, problems };
  }

  const creates = (standin: Standin) =>
    standin.requests.filter(({ endpoint, method }) => endpoint === "create" && method === "PUT");

  it("runs a flow of texts across origins and shows its picture", async () => {
    const { page, standin, problems } = await open("sdxl_lighting");
    await page.getByLabel(/^Prompt/).fill("a lighthouse at dawn");
    await page.getByLabel(/steps/i).selectOption("8 steps");
    await page.getByRole("button", { name: "Run" }).click();
    const picture = page.getByRole("img", { name: "Result of Sdxl lighting" });
    await picture.waitFor();
    expect(
      await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBeGreaterThan(0);
    await page.getByText("1 file", { exact: true }).waitFor();
    // The server's own name cannot be read from here.
    const link = page.locator("figcaption a");
    expect(await link.getAttribute("download")).toMatch(/^\d+_\d+_0\.png$/);
    expect(creates(standin)).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it("sends a file that was dropped, and shows how far it is", async () => {
    const { page, standin } = await open("remove_background_birefnet", { auth: "ann:secret" });
    await page.getByLabel("User").fill("ann");
    await page.getByLabel("Password").fill("secret");
    await page.locator("input[type=file]").setInputFiles("examples/still-life.jpg");
    await page.getByText(/still-life\.jpg, \d/).waitFor();
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      const status = document.querySelector("#status") as HTMLElement;
      new MutationObserver(() => seen.push(status.textContent)).observe(status, {
        childList: true,
      });
    });
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("img", { name: /Result of/ }).waitFor();
    const seen = await page.evaluate(() => (globalThis as never as { seen: string[] }).seen);
    expect(seen.some((text) => /^Sending \d+ kB of \d+ kB$/.test(text))).toBe(true);
    const [create] = creates(standin);
    expect(creates(standin)).toHaveLength(1);
    expect(Number(create?.headers["content-length"])).toBeGreaterThan(10_000);
  });

  it("takes a file by drag and drop", async () => {
    const { page, standin } = await open("remove_background_birefnet");
    const transfer = await page.evaluateHandle(() => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 32;
      const [, data = ""] = canvas.toDataURL().split(",");
      const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([bytes], "dropped.png", { type: "image/png" }));
      return made;
    });
    await page.dispatchEvent(".drop", "drop", { dataTransfer: transfer });
    await page.getByText(/dropped\.png, \d/).waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("img", { name: /Result of/ }).waitFor();
    expect(creates(standin)).toHaveLength(1);
  });

  it("names CORS_ORIGINS where the server does not allow the page", async () => {
    const { page, standin } = await open("sdxl_lighting", { corsOrigins: [] });
    await page.getByLabel(/^Prompt/).fill("a");
    await page.getByRole("button", { name: "Run" }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain(`set CORS_ORIGINS=${site.origin} in the server`);
    expect(creates(standin)).toEqual([]);
  });

  it("shows all that is wrong with the parameters", async () => {
    const { page, standin } = await open("sdxl_lighting");
    await page
      .getByLabel(/^Prompt/)
      .evaluate((input) => void ((input as HTMLTextAreaElement).required = false));
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("alert").getByText("`prompt` is required.").waitFor();
    expect(creates(standin)).toEqual([]);
  });

  it("cancels on the server", async () => {
    const { page, standin } = await open("sdxl_lighting", { speed: 1, duration: 60_000 });
    await page.getByLabel(/^Prompt/).fill("a");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Running|Waiting/).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled").waitFor();
    expect(
      standin.requests.filter(
        ({ endpoint, method }) => endpoint === "cancel" && method === "DELETE",
      ),
    ).toHaveLength(1);
    await page.getByRole("button", { name: "Run" }).isEnabled();
  });
});

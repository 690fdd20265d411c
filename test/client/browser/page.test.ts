/** The client in a real browser, across origins: the page of one site, the server of another. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type * as library from "visionatrix-client";
import type * as flows from "visionatrix-client/flows";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { CHROMIUM, launch, NO_CHROMIUM } from "../../support/browser.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

/** What the program below puts into the page. */
type Library = Pick<typeof library, "createClient"> &
  Pick<typeof flows, "sdxlLighting" | "removeBackgroundBirefnet">;

const PROGRAM = `
export { createClient } from "visionatrix-client";
export { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
`;

describe.skipIf(!CHROMIUM)("in Chromium", () => {
  let browser: Browser;
  let script: string;
  let origin: string;
  const site = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>a</title>"),
  );

  beforeAll(async () => {
    const bundle = build({
      stdin: { contents: PROGRAM, resolveDir: process.cwd() },
      bundle: true,
      format: "iife",
      globalName: "library",
      platform: "browser",
      target: "es2022",
      write: false,
    });
    site.listen(0, "127.0.0.1");
    browser = await launch();
    script = (await bundle).outputFiles[0]!.text;
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    site.closeAllConnections();
    site.close();
  });

  /** A page with the library, and a stand-in that allows it unless told otherwise. */
  async function open(options: StandinOptions = {}): Promise<{ page: Page; standin: Standin }> {
    const standin = await startStandin({ speed: "instant", corsOrigins: [origin], ...options });
    onTestFinished(() => standin.close());
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(origin);
    await page.addScriptTag({ content: script });
    return { page, standin };
  }

  const creates = (standin: Standin) =>
    standin.requests.filter(({ endpoint, method }) => endpoint === "create" && method === "PUT");

  it("runs a flow of texts and reads its picture", async () => {
    const { page, standin } = await open();
    const file = await page.evaluate(async (baseUrl) => {
      const { createClient, sdxlLighting } = (globalThis as never as { library: Library }).library;
      const { files } = await sdxlLighting(createClient({ baseUrl }), { prompt: "a" }).result();
      return { name: files[0]!.name, length: (await files[0]!.bytes()).length };
    }, standin.url);
    // The server's own name cannot be read from here.
    expect(file.name).toMatch(/^\d+_\d+_0\.png$/);
    expect(file.length).toBeGreaterThan(100);
    expect(creates(standin)).toHaveLength(1);
  });

  it("sends a file with credentials, and tells how far it is", async () => {
    const { page, standin } = await open({ auth: "ann:secret" });
    const sent = await page.evaluate(async (baseUrl) => {
      const { createClient, removeBackgroundBirefnet } = (
        globalThis as never as { library: Library }
      ).library;
      const client = createClient({ baseUrl, auth: { username: "ann", password: "secret" } });
      const canvas = document.createElement("canvas");
      const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const seen: { loaded: number; total: number | undefined }[] = [];
      const { files } = await removeBackgroundBirefnet(
        client,
        { input_image: picture! },
        { onUploadProgress: (progress) => void seen.push(progress) },
      ).result();
      return { seen, files: files.length };
    }, standin.url);
    expect(sent.files).toBe(1);
    expect(sent.seen.at(-1)?.loaded).toBe(sent.seen.at(-1)?.total);
    expect(creates(standin)).toHaveLength(1);
  });

  it("names CORS_ORIGINS where the server does not allow the page", async () => {
    const { page, standin } = await open({ corsOrigins: [] });
    const message = await page.evaluate(async (baseUrl) => {
      const { createClient, sdxlLighting } = (globalThis as never as { library: Library }).library;
      const run = sdxlLighting(createClient({ baseUrl }), { prompt: "a" });
      return run.then(
        () => "",
        (error: unknown) => (error as Error).message,
      );
    }, standin.url);
    expect(message).toContain(`set CORS_ORIGINS=${origin} in the server`);
    expect(creates(standin)).toEqual([]);
  });
});

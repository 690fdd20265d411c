/** The client in a real browser, across origins: the page of one site, the server of another. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type * as library from "visionatrix-client";
import type * as flows from "visionatrix-client/flows";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import {
  CHROMIUM,
  loadInBrowser,
  NO_CHROMIUM,
  type BrowserProgram,
} from "../../support/browser.js";

if (!CHROMIUM) console.warn(NO_CHROMIUM);

/** The globals that the program below sets in the page. */
type Library = Pick<typeof library, "createClient"> &
  Pick<typeof flows, "sdxlLighting" | "removeBackgroundBirefnet">;

const PROGRAM = `
export { createClient } from "visionatrix-client";
export { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
`;

describe.skipIf(!CHROMIUM)("in Chromium", () => {
  let program: BrowserProgram;
  beforeAll(async () => {
    program = await loadInBrowser(PROGRAM, "library");
  });
  afterAll(() => program.close());

  /** A page with the library, and a stand-in that allows the page's origin by default. */
  async function open(options: StandinOptions = {}): Promise<{ page: Page; standin: Standin }> {
    const standin = await startStandin({
      speed: "instant",
      corsOrigins: [program.origin],
      ...options,
    });
    onTestFinished(() => standin.close());
    const page = await program.open();
    onTestFinished(() => page.close());
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
    // The page cannot read the server's name of the file.
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
    expect(message).toContain(`set CORS_ORIGINS=${program.origin} in the server`);
    expect(creates(standin)).toEqual([]);
  });
});

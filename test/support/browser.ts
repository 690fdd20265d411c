/** Headless Chromium and the page of `examples/browser`, for tests in a browser. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { build, preview } from "vite";

/** Common paths of Chromium. `CHROMIUM` in the environment replaces them. */
const PLACES = process.env["CHROMIUM"]
  ? [process.env["CHROMIUM"]]
  : [
      ...["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].flatMap((name) =>
        ["/usr/bin", "/usr/local/bin", "/snap/bin"].map((folder) => join(folder, name)),
      ),
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];

/** Path of the browser; undefined if there is none. */
export const CHROMIUM: string | undefined = PLACES.find((path) => existsSync(path));

/** Says why browser tests do not run, and how to make them run. */
export const NO_CHROMIUM =
  "Browser tests are skipped: there is no Chromium. Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium) or set CHROMIUM to the path of one.";

export async function launch(): Promise<Browser> {
  return chromium.launch({
    ...(CHROMIUM && { executablePath: CHROMIUM }),
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** A program in Chromium, for tests of the client in pages of another origin. */
export interface BrowserProgram {
  /** Origin of the pages. */
  readonly origin: string;
  /** Opens an empty page with the program in it. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Bundles a program for a browser, and starts one.
 * @param globalName global variable for the program's exports
 */
export async function loadInBrowser(program: string, globalName?: string): Promise<BrowserProgram> {
  const bundle = esbuild({
    stdin: { contents: program, resolveDir: process.cwd() },
    bundle: true,
    format: "iife",
    ...(globalName !== undefined && { globalName }),
    platform: "browser",
    target: "es2022",
    write: false,
  });
  const site = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>a</title>"),
  ).listen(0, "127.0.0.1");
  const browser = await launch();
  const script = (await bundle).outputFiles[0]!.text;
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  return {
    origin,
    async open() {
      const page = await browser.newPage();
      await page.goto(origin);
      await page.addScriptTag({ content: script });
      return page;
    },
    async close() {
      await browser.close();
      site.closeAllConnections();
      site.close();
    },
  };
}

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/** Builds an example's page as its user would, and serves it with its proxy before a server. */
export async function servePage(serverUrl: string, root = "examples/browser"): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "vix-page-"));
  const settings = {
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: "error" as const,
    build: { outDir: folder, emptyOutDir: true },
  };
  const before = process.env["VIX_URL"];
  // Read when the settings are loaded.
  process.env["VIX_URL"] = serverUrl;
  try {
    await build(settings);
    const server = await preview({
      ...settings,
      preview: { port: 0, host: "127.0.0.1", strictPort: true },
    });
    const { port } = server.httpServer.address() as AddressInfo;
    return {
      origin: `http://127.0.0.1:${port}`,
      close: async () => {
        await server.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } finally {
    if (before === undefined) delete process.env["VIX_URL"];
    else process.env["VIX_URL"] = before;
  }
}

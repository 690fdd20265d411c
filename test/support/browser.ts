/** Headless Chromium and the page of `examples/browser`, for tests of what runs in a browser. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { build } from "vite";

/** Where systems put it; `CHROMIUM` in the environment names the only one to use. */
const PLACES = process.env["CHROMIUM"]
  ? [process.env["CHROMIUM"]]
  : [
      ...["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].flatMap((name) =>
        ["/usr/bin", "/usr/local/bin", "/snap/bin"].map((folder) => join(folder, name)),
      ),
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];

/** The browser's program; undefined where there is none. */
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

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/** Builds the page as its user would, and serves it. */
export async function servePage(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "vix-page-"));
  await build({
    root: "examples/browser",
    configFile: "examples/browser/vite.config.ts",
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname === "/" ? "/index.html" : normalize(pathname);
    readFile(join(folder, path)).then(
      (content) =>
        response
          .writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" })
          .end(content),
      () => response.writeHead(404).end(),
    );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a bundle in a page of a real browser. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { launch } from "../../support/browser.js";

/** @returns the title that the page sets when its program has ended */
export async function titleOf(folder: string, bundle: string, vixUrl: string): Promise<string> {
  const server = createServer((request, response) => {
    const path = normalize(request.url ?? "/");
    if (path === "/")
      response
        .setHeader("content-type", "text/html")
        .end(
          `<script>globalThis.VIX_URL = ${JSON.stringify(vixUrl)}</script><script type="module" src="/${bundle}"></script>`,
        );
    else
      readFile(join(folder, path)).then(
        (code) => response.setHeader("content-type", "text/javascript").end(code),
        () => response.writeHead(404).end(),
      );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("document.title !== ''", undefined, { timeout: 20_000 });
    return await page.title();
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

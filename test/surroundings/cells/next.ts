/** Route handlers of Next.js, including the proxy of `examples/next`, built and started for production. */
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import type { Cell } from "../support/cell.js";

const env = {
  NEXT_TELEMETRY_DISABLED: "1",
  VIX_PROXY_SECRET: "of the test, and of 32 bytes or more",
};

/** Asks the application for a picture. */
async function pngOf(url: string, init?: RequestInit): Promise<Blob> {
  const signal = AbortSignal.timeout(20_000);
  const answer = await fetch(url, { ...init, signal }).catch((cause: unknown) => {
    throw new Error(`No answer from ${url}`, { cause });
  });
  assert.equal(answer.status, 200);
  const blob = await answer.blob();
  assert.equal(Buffer.from(await blob.arrayBuffer()).toString("latin1", 1, 4), "PNG");
  return blob;
}

/** Requests as a page of the site sends them. */
async function throughProxy(baseUrl: string): Promise<void> {
  const headers = { "sec-fetch-site": "same-origin", cookie: "session=session-of-ann" };
  const page = createClient({ baseUrl, headers });
  const { files } = await sdxlLighting(page, { prompt: "a" }).result({ timeoutMs: 30_000 });
  assert.equal((await files[0]?.bytes())?.length, files[0]?.size);
  const stranger = await fetch(`${baseUrl}/vapi/tasks/progress-summary`);
  assert.equal(stranger.status, 401);
}

const next = (bundler: "turbopack" | "webpack"): Cell => ({
  name: `Next.js 16, route handlers, built with ${bundler} and started`,
  program: "test/surroundings/programs/next",
  peers: ["next", "react", "react-dom"],
  check: async ({ folder, bin, run, serve }) => {
    await cp("examples/next/app/api", join(folder, "app/api"), { recursive: true });
    await run(bin("next"), ["build", `--${bundler}`], env);
    const app = await serve(bin("next"), ["start", "--port", "0", "--hostname", "127.0.0.1"], env);
    try {
      const file = await pngOf(`${app.url}/picture?prompt=a`);
      const body = new FormData();
      body.set("file", file, "a.png");
      await pngOf(`${app.url}/cutout`, { method: "POST", body });
      await throughProxy(`${app.url}/api/vix`);
    } finally {
      await app.stop();
    }
    return undefined;
  },
});

export const nextjs: readonly Cell[] = [next("turbopack"), next("webpack")];

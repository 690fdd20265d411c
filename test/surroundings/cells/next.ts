/** A route handler of Next.js, built and started as for production. */
import assert from "node:assert/strict";
import type { Cell } from "../support/cell.js";

const quiet = { NEXT_TELEMETRY_DISABLED: "1" };

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

const next = (bundler: "turbopack" | "webpack"): Cell => ({
  name: `Next.js 16, route handlers, built with ${bundler} and started`,
  program: "test/surroundings/programs/next",
  peers: ["next", "react", "react-dom"],
  check: async ({ bin, run, serve }) => {
    await run(bin("next"), ["build", `--${bundler}`], quiet);
    const app = await serve(
      bin("next"),
      ["start", "--port", "0", "--hostname", "127.0.0.1"],
      quiet,
    );
    try {
      const file = await pngOf(`${app.url}/picture?prompt=a`);
      const body = new FormData();
      body.set("file", file, "a.png");
      await pngOf(`${app.url}/cutout`, { method: "POST", body });
    } finally {
      await app.stop();
    }
    return undefined;
  },
});

export const nextjs: readonly Cell[] = [next("turbopack"), next("webpack")];

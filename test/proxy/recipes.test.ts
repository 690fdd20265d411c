/** The recipes for web frameworks, each started as its user would start it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { fileFromPath } from "visionatrix-client/node";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { freePort } from "../support/free-port.js";
import { QUICK } from "../support/standin.js";
import { PATIENCE_MS } from "../support/patience.js";

async function start(
  recipe: string,
  options: StandinOptions = {},
): Promise<{ url: string; standin: Standin }> {
  const standin = await startStandin({ speed: "instant", maxPictureSide: 64, ...options });
  onTestFinished(() => standin.close());
  const program = spawn(process.execPath, [`examples/${recipe}/server.mjs`], {
    env: { ...process.env, VIX_URL: standin.url, PORT: String(await freePort()) },
  });
  onTestFinished(async () => {
    if (program.exitCode === null && program.signalCode === null) {
      program.kill();
      await once(program, "exit");
    }
  });
  let said = "";
  program.stderr.on("data", (piece) => (said += String(piece)));
  program.stdout.on("data", (piece) => (said += String(piece)));
  const url = await vi.waitFor(() => {
    const address = /Listening on (\S+)/.exec(said)?.[1];
    if (!address) throw new Error(`${recipe} does not listen: ${said}`);
    return address;
  }, PATIENCE_MS);
  return { url, standin };
}

describe.each(["node", "express", "fastify", "hono"])("the recipe for %s", (recipe) => {
  it("lets a page run flows, with files too, and nothing else", async () => {
    const { url, standin } = await start(recipe);
    const headers = { cookie: "session=session-of-ann", "sec-fetch-site": "same-origin" };
    const page = createClient({ baseUrl: `${url}/api/vix`, headers, poll: QUICK });
    const picture = await fileFromPath("examples/still-life.jpg");
    const cutout = await removeBackgroundBirefnet(page, { input_image: picture }).result();
    expect((await cutout.files[0]!.bytes()).length).toBe(cutout.files[0]!.size);
    const run = await sdxlLighting(page, { prompt: "a" });
    await run.result();
    await run.tasks[0]!.delete();
    expect(await page.tasks()).toHaveLength(1);
    const stranger = createClient({ baseUrl: `${url}/api/vix` });
    await expect(stranger.whoami()).rejects.toMatchObject({ status: 401 });
    await expect(sdxlLighting(page, { prompt: "a", count: 9 }).result()).rejects.toMatchObject({
      status: 422,
    });
    // The server's webhook call has arrived.
    await expect.poll(() => standin.webhooks.some(({ outcome }) => outcome === 204)).toBe(true);
  });

  it("reports progress as server-sent events", async () => {
    const { url } = await start(recipe, { speed: 1, duration: 400 });
    const whole = await fetch(`${url}/pictures?prompt=a`);
    expect(whole.headers.get("content-type")).toContain("text/event-stream");
    const text = await whole.text();
    expect(text).toMatch(/^event: created\ndata: \{"id":1\}\n\nevent: progress\n/);
    expect(text).toMatch(/event: done\ndata: \{"name":"1_9_00001\.png","size":\d+\}\n\n$/);
  });

  it("cancels on the server when the browser leaves", async () => {
    const { url, standin } = await start(recipe, { speed: 1, duration: 60_000 });
    const left = new AbortController();
    const answer = await fetch(`${url}/pictures?prompt=a`, { signal: left.signal });
    await answer.body!.getReader().read();
    left.abort();
    await expect
      .poll(() => standin.requests.some(({ endpoint }) => endpoint === "cancel"))
      .toBe(true);
  });
});

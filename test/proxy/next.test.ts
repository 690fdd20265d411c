/** The route handler for Next.js, called as Next calls it: by method, with a `Request`. */
import { expect, it, onTestFinished, vi } from "vitest";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { startStandin } from "visionatrix-standin";
import { QUICK } from "../support/standin.js";
import { pageHeaders, SECRET } from "./support.js";

const ROUTE = "../../examples/next/app/api/vix/[...path]/route.js";

it("is a route handler for all methods of a client", async () => {
  const standin = await startStandin({ speed: "instant", maxPictureSide: 64 });
  onTestFinished(() => standin.close());
  vi.stubEnv("VIX_URL", standin.url);
  vi.stubEnv("VIX_PROXY_SECRET", SECRET);
  onTestFinished(() => void vi.unstubAllEnvs());
  const handlers = (await import(ROUTE)) as Record<string, (request: Request) => Promise<Response>>;
  const page = createClient({
    baseUrl: "http://site.example/api/vix",
    headers: { ...pageHeaders(undefined), cookie: "session=session-of-ann" },
    poll: QUICK,
    fetch: (url, init) => handlers[init.method]!(new Request(url, init)),
  });
  const run = await sdxlLighting(page, { prompt: "a" });
  const { files } = await run.result();
  expect((await files[0]!.bytes()).length).toBe(files[0]!.size);
  await run.tasks[0]!.delete();
  expect(await page.tasks()).toEqual([]);
});

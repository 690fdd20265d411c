/** Layers that clone responses and forget the clones, as mocks, tracing and frameworks do. */
import { describe, expect, it } from "vitest";
import type { Fetch, Middleware } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { standinWithClient } from "../support/standin.js";

/** A `fetch` that passes every response through a layer. */
const layered =
  (layer: (answer: Response) => Response | Promise<Response>): Fetch =>
  async (...args: Parameters<typeof fetch>) =>
    layer(await fetch(...args));

const SMALL = { maxPictureSide: 64 };

/** Reads a clone, and ignores the error if the request is aborted. */
const read = (clone: Response) => clone.arrayBuffer().catch(() => undefined);

/** Kept alive, so that no clone is garbage-collected and cancelled. */
const kept: unknown[] = [];

const LAYERS: [name: string, layer: (answer: Response) => Response][] = [
  [
    "forgets a clone",
    (answer) => {
      kept.push(answer.clone());
      return answer;
    },
  ],
  [
    "hands on the clone and forgets the answer",
    (answer) => {
      kept.push(answer);
      return answer.clone();
    },
  ],
  [
    "reads a clone late, as tracing does",
    (answer) => {
      const clone = answer.clone();
      setTimeout(() => void read(clone), 3_000);
      return answer;
    },
  ],
  [
    "caches a clone of a clone, as Next's fetch does",
    (answer) => {
      const [mine, theirs] = [answer.clone(), answer];
      void read(mine.clone());
      kept.push(mine);
      return new Response(theirs.body, { status: theirs.status, headers: theirs.headers });
    },
  ],
];

describe.each(LAYERS)("a fetch that %s", (_, layer) => {
  it("brings results at once", { timeout: 2_500 }, async () => {
    const { client } = await standinWithClient(SMALL, { fetch: layered(layer) });
    const { files } = await sdxlLighting(client, { prompt: "a" }).result();
    expect((await files[0]!.bytes()).length).toBeGreaterThan(100);
  });

  it("does not delay an abort", { timeout: 5_000 }, async () => {
    const { client } = await standinWithClient(
      { duration: 60_000, speed: 1 },
      { fetch: layered(layer) },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    const stop = new AbortController();
    const result = run.result({ signal: stop.signal });
    stop.abort();
    await expect(result).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  });

  it("does not delay the end of a download", { timeout: 5_000 }, async () => {
    const { client, standin } = await standinWithClient(SMALL, { fetch: layered(layer) });
    const { tasks } = await sdxlLighting(client, { prompt: "a" });
    const task = client.task(tasks[0]!.id);
    for await (const { percent } of task.progress()) if (percent === 100) break;
    standin.addFaults({ on: "results", do: "slow", bytesPerSecond: 10 });
    const again = task.result({ timeoutMs: 1_000 });
    await expect(again).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
  });
});

it("middleware may forget a clone as well", { timeout: 5_000 }, async () => {
  const forgets: Middleware = async (request, next) => {
    const answer = await next(request);
    kept.push(answer.clone());
    return answer;
  };
  const { client } = await standinWithClient(SMALL, { middleware: [forgets] });
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  expect((await files[0]!.bytes()).length).toBeGreaterThan(100);
});

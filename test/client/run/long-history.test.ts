/** A server with 20,000 tasks of one flow: what a client reads of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type Client, type Fetch } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { startStandin, type Standin } from "visionatrix-standin";

const TASKS = 20_000;

let standin: Standin;
beforeAll(async () => {
  standin = await startStandin({
    history: { sdxl_lighting: TASKS },
    ...{ workers: 1, duration: 600_000, maxPictureSide: 16 },
  });
});
afterAll(() => standin.close());

/** A client, and counts of what it has read: bytes, and the paths of its requests. */
function counted(): { client: Client; read: { bytes: number; paths: string[] } } {
  const read = { bytes: 0, paths: [] as string[] };
  const fetch: Fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    const body = await response.arrayBuffer();
    read.bytes += body.byteLength;
    read.paths.push(new URL(url).pathname);
    const { status, headers } = response;
    return new Response(body.byteLength > 0 ? body : null, { status, headers });
  };
  return { client: createClient({ baseUrl: standin.url, fetch }), read };
}

const lists = (paths: readonly string[]): string[] =>
  paths.filter((path) => path.endsWith("progress-summary"));

describe("with 20,000 tasks on the server", () => {
  it.each(["reset-after-accept", "reset-after-body"] as const)(
    "a create that ended in %s is settled by a few reads of ids",
    async (fault) => {
      const { client, read } = counted();
      await client.task(TASKS).details();
      standin.addFaults({ do: fault, on: "create", nth: 1 });
      const run = await sdxlLighting(client, { prompt: fault });
      expect(run.tasks).toHaveLength(1);
      expect(read.bytes).toBeLessThan(300_000);
      expect(lists(read.paths)).toEqual([]);
      const made = (await client.tasks()).filter(({ task_id }) => task_id > TASKS);
      expect(made.filter(({ input_params }) => input_params["prompt"] === fault)).toHaveLength(1);
      await client.close();
    },
  );

  it("a client that knows no id of it reads one list", async () => {
    const { client, read } = counted();
    standin.addFaults({ do: "reset-after-accept", on: "create", nth: 1 });
    await sdxlLighting(client, { prompt: "first of all" });
    expect(lists(read.paths)).toHaveLength(1);
    await client.close();
  });

  it("forty queued tasks are watched without lists", async () => {
    const { client, read } = counted();
    const runs = await Promise.all(
      Array.from({ length: 40 }, (_, at) => sdxlLighting(client, { prompt: `queued ${at}` })),
    );
    const stop = new AbortController();
    const before = read.paths.length;
    const waits = runs.map((run) =>
      client
        .task(run.tasks[0]!.id)
        .result({ signal: stop.signal })
        .catch(() => undefined),
    );
    await expect.poll(() => read.paths.length).toBeGreaterThan(before + 200);
    stop.abort();
    await Promise.all(waits);
    expect(lists(read.paths)).toEqual([]);
    await client.close();
  });
});

/** What is left on the server after a client was closed, a task was given up, or a run was repeated. */
import { describe, expect, it } from "vitest";
import type { Client } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { asked, standinWithClient } from "../../support/standin.js";

const idsOn = async (client: Client) => (await client.tasks()).map(({ task_id }) => task_id);

/** A server without workers, on which tasks stay as they are. */
const idle = () => standinWithClient({ workers: 0 }, { retry: { graceMs: 30 } });

describe("client.close", () => {
  it("ends a wait, and leaves its task alone", async () => {
    const { client } = await idle();
    const run = await sdxlLighting(client, { prompt: "a" });
    const wait = run.result().catch((error: unknown) => error);
    await expect.poll(() => client.watched().length).toBe(1);
    await client.close();
    expect(await wait).toMatchObject({ name: "AbortError", taskIds: [1] });
    expect(await idsOn(client)).toEqual([1]);
  });

  it("looks once more, and removes a task that came late of one that was cancelled by itself", async () => {
    const { client, standin } = await idle();
    await client.tasks();
    standin.addFaults({ do: "deliver-late", on: "create", nth: 1, afterMs: 500 });
    const run = await sdxlLighting(client, { prompt: "a" });
    expect(await run.tasks[0]!.cancel()).toBe("yes");
    await expect.poll(() => idsOn(client)).toHaveLength(1);
    await client.close();
    expect(await idsOn(client)).toEqual([]);
  });
});

describe("a finished run with an idempotency key", () => {
  it("keeps its task and the one that runs it again", async () => {
    const { client } = await standinWithClient();
    const run = await sdxlLighting(client, { prompt: "a" }, { idempotencyKey: "order 1" });
    await run.result();
    const next = await run.tasks[0]!.rerun();
    await next.result();
    // The guard of the key checks once more.
    await client.close();
    expect(await idsOn(client)).toEqual([1, next.id]);
    expect(run.duplicates).toEqual([]);
  });

  it("is what the key means, also after it was run again", async () => {
    const { client, standin } = await standinWithClient();
    const call = () => sdxlLighting(client, { prompt: "a" }, { idempotencyKey: "order 1" });
    const run = await call();
    await run.result();
    await run.tasks[0]!.rerun();
    expect((await call()).tasks.map(({ id }) => id)).toEqual([1]);
    expect(asked(standin, "create")).toBe(2);
  });
});

describe("a create", () => {
  it("that a proxy answered by 503 after the server had it is found, and not made again", async () => {
    const { client, standin } = await idle();
    await client.tasks();
    standin.addFaults({ do: "status", status: 503, when: "after", on: "create", nth: 1 });
    await sdxlLighting(client, { prompt: "a" });
    expect(await idsOn(client)).toEqual([1]);
  });

  it("that is stopped on its way is unknown, and removed when it arrives", async () => {
    const { client, standin } = await idle();
    await client.tasks();
    standin.addFaults({ do: "deliver-late", on: "create", nth: 1, afterMs: 4000 });
    const error: unknown = await sdxlLighting(client, { prompt: "a" }, { timeoutMs: 20 }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "TimeoutError", cancelled: "unknown" });
    await expect.poll(() => idsOn(client)).toHaveLength(1);
    await client.close();
    expect(await idsOn(client)).toEqual([]);
  });

  it("whose second try is refused for its credentials is uncertain", async () => {
    const { client, standin } = await idle();
    await client.tasks();
    standin.addFaults(
      { do: "reset-before-body", on: "create", nth: 1 },
      { do: "reset-after-body", on: "create", nth: 1 },
      { do: "status", status: 401, on: "create", nth: 2 },
    );
    const call = sdxlLighting(client, { prompt: "a" });
    await expect(call).rejects.toMatchObject({ code: "submit_uncertain", cause: { status: 401 } });
  });
});

describe("options that are of no use", () => {
  it.each<[string, (client: Client) => Promise<unknown>]>([
    ["cancelAll with a misspelt filter", (c) => c.cancelAll({ flows: "x" } as never)],
    ["cancelAll with a text", (c) => c.cancelAll("x" as never)],
    ["tasks with a misspelt filter", (c) => c.tasks({ sate: "done" } as never)],
    ["adoptOnly without a key", (c) => sdxlLighting(c, { prompt: "b" }, { adoptOnly: true })],
    ["firstTry without a key", (c) => sdxlLighting(c, { prompt: "b" }, { firstTry: true })],
    ["a misspelt time-out", (c) => c.task(1).result({ timeoutms: 5 } as never)],
    ["another word for onStall", (c) => c.task(1).result({ onStall: "explode" } as never)],
  ])("are refused, and nothing is done: %s", async (_, call) => {
    const { client, standin } = await idle();
    await sdxlLighting(client, { prompt: "a" });
    await expect(call(client)).rejects.toMatchObject({ code: "invalid_option" });
    expect(await idsOn(client)).toEqual([1]);
    expect(asked(standin, "create")).toBe(1);
  });
});

/** `client.cancelAll` and `client.stop`. */
import { describe, expect, it } from "vitest";
import { pixartE, sdxlLighting } from "visionatrix-client/flows";
import { asked, standinWithClient } from "../../support/standin.js";

describe("client.cancelAll", () => {
  it("cancels the unfinished tasks of a flow and a group, and returns each outcome", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    await sdxlLighting(client, { prompt: "a", count: 2 });
    await sdxlLighting(client, { prompt: "a", group_scope: 2 });
    await pixartE(client, { prompt: "a" });
    standin.addFaults({ on: "cancel", do: "reset-after-accept", times: 1 });
    expect(await client.cancelAll({ flow: "sdxl_lighting", group: 1 })).toEqual([
      { id: 1, cancelled: "yes" },
      { id: 2, cancelled: "yes" },
    ]);
    expect(asked(standin, "progress-summary")).toBe(1);
    expect(await client.cancelAll()).toEqual([
      { id: 3, cancelled: "yes" },
      { id: 4, cancelled: "yes" },
    ]);
    expect(await client.tasks()).toEqual([]);
  });

  it("leaves finished and failed tasks alone", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "fail", task: 2 }] });
    await (await sdxlLighting(client, { prompt: "a", count: 2 })).result().catch(() => undefined);
    expect(await client.cancelAll()).toEqual([]);
    expect(await client.tasks()).toHaveLength(2);
  });

  it("says yes to nothing that the server did not say", async () => {
    const { client, standin } = await standinWithClient(
      { workers: 0 },
      { retry: { budgetMs: 100 } },
    );
    await sdxlLighting(client, { prompt: "a" });
    standin.addFaults({ on: "cancel", do: "status", status: 502 });
    expect(await client.cancelAll()).toEqual([{ id: 1, cancelled: "unknown" }]);
  });
});

describe("client.stop", () => {
  it("cancels its own runs alone, and has waits and later calls reject", async () => {
    const { client } = await standinWithClient({ workers: 0 });
    const { client: other } = await standinWithClient({ workers: 0 });
    const foreign = await sdxlLighting(other, { prompt: "a" });
    const run = await sdxlLighting(client, { prompt: "a" });
    const waits = [
      run.result(),
      client.task(1).result(),
      foreign.tasks[0]!.result({ timeoutMs: 1 }),
    ];
    const ended = Promise.allSettled(waits);
    expect(await client.stop("enough")).toEqual([
      { flow: "sdxl_lighting", taskIds: [1], cancelled: "yes" },
    ]);
    const names = (await ended).map((end) => ((end as PromiseRejectedResult).reason as Error).name);
    expect(names).toEqual(["AbortError", "AbortError", "TimeoutError"]);
    await expect(sdxlLighting(client, { prompt: "a" })).rejects.toMatchObject({ cause: "enough" });
    expect(await client.stop()).toEqual([]);
    expect(await client.tasks()).toEqual([]);
    expect(await other.tasks()).toHaveLength(1);
  });

  it("knows runs that have ended", async () => {
    const { client } = await standinWithClient();
    await (await sdxlLighting(client, { prompt: "a" })).result();
    expect(await client.stop()).toEqual([]);
    expect(await client.tasks()).toHaveLength(1);
  });
});

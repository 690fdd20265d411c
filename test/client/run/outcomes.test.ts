/** Several tasks at once, and the outcome of each. */
import { expect, it } from "vitest";
import { outcomesOf } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { standinWithClient } from "../../support/standin.js";

const SLOW = { speed: 1, duration: 600_000 } as const;

it("gives the files of those that are done, and the errors of the others", async () => {
  const { client } = await standinWithClient({ faults: [{ do: "fail", nth: 2, error: "no" }] });
  const run = await sdxlLighting(client, { prompt: "a", count: 2 });
  const ended: number[] = [];
  const outcomes = await outcomesOf([...run.tasks, client.task(99)], {
    onEnd: ({ id }) => void ended.push(id),
  });
  expect(outcomes.map(({ id }) => id)).toEqual([1, 2, 99]);
  expect(outcomes.map(({ state }) => state).sort()).toEqual(["done", "failed", "gone"]);
  for (const { state, files, error } of outcomes) {
    expect(files).toHaveLength(state === "done" ? 1 : 0);
    expect(error?.code).toBe({ failed: "task_failed", gone: "task_gone" }[state as "failed"]);
  }
  expect(ended.sort()).toEqual([1, 2, 99]);
});

it("says how far each is when the time is up, and cancels nothing", async () => {
  const { client } = await standinWithClient(SLOW);
  const { tasks } = await sdxlLighting(client, { prompt: "a", count: 2 });
  const [first, second] = await outcomesOf(tasks, { timeoutMs: 200 });
  expect([first?.state, second?.state].sort()).toEqual(["queued", "running"]);
  expect(first?.error).toMatchObject({ code: "timeout" });
  expect(await client.tasks()).toHaveLength(2);
});

it("looks once where there is no time, and knows then whether a task exists", async () => {
  const { client, standin } = await standinWithClient(SLOW);
  const { tasks } = await sdxlLighting(client, { prompt: "a" });
  const before = standin.requests.length;
  const outcomes = await outcomesOf([...tasks, client.task(99)], { timeoutMs: 0 });
  expect(outcomes.map(({ state }) => state)).toEqual(["running", "gone"]);
  expect(outcomes[0]?.error).toBeUndefined();
  expect(standin.requests.length - before).toBeLessThan(6);
});

it("ends at once when it is stopped, or when the caller's own code throws", async () => {
  const { client } = await standinWithClient(SLOW);
  const { tasks } = await sdxlLighting(client, { prompt: "a", count: 2 });
  const stop = new AbortController();
  const stopped = outcomesOf(tasks, { signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  const own = new Error("mine");
  const thrown = outcomesOf([...tasks, client.task(99)], {
    onEnd() {
      throw own;
    },
  });
  await expect(thrown).rejects.toBe(own);
  expect(client.watched()).toEqual([]);
  expect(await client.tasks()).toHaveLength(2);
});

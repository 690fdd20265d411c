/**
 * Every call of the lifecycle under every fault, over real HTTP: the outcome, the number of requests, and
 * that no task is lost or duplicated.
 */
import { describe, expect, it } from "vitest";
import { createClient, VisionatrixError, type Client } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import type { Endpoint, FaultAction, Standin } from "visionatrix-standin";
import { QUICK, standinWithClient } from "../../support/standin.js";

/** Faults that strike a request once. */
const FAULTS: Record<string, FaultAction> = {
  "connection refused": { do: "refuse" },
  "reset before the body": { do: "reset-before-body" },
  "reset after the body": { do: "reset-after-body" },
  "reset after the work was done": { do: "reset-after-accept" },
  "no answer, nothing done": { do: "hang" },
  "no answer, but the work done": { do: "hang", when: "after" },
  "slow drip": { do: "slow", bytesPerSecond: 20_000 },
  "401": { do: "status", status: 401 },
  "404 of a proxy": { do: "status", status: 404, body: "<title>Not here</title>" },
  "429": { do: "status", status: 429, retryAfter: 0 },
  "bare 500": { do: "bare-500" },
  "502": { do: "status", status: 502 },
  "502 after the work was done": { do: "status", status: 502, when: "after" },
  "503": { do: "status", status: 503, retryAfter: 0 },
  "504": { do: "status", status: 504 },
  "HTML with 200": { do: "html" },
  "HTML with 200 after the work was done": { do: "html", when: "after" },
  "cut JSON": { do: "cut" },
  "cut JSON that claims to be whole": { do: "cut", quiet: true },
  "wrong JSON": { do: "wrong-json" },
  "wrong JSON after the work was done": { do: "wrong-json", when: "after" },
  // Otherwise the worker's task would stay locked for ever.
  "server restarted": { do: "restart-server", release: true },
};

/** A server on which a fault strikes once, and a client whose budgets are short. */
async function struck(on: Endpoint, fault: FaultAction, workers = 1) {
  const { standin } = await standinWithClient({ workers, maxPictureSide: 16, faults: [] });
  const client = createClient({
    baseUrl: standin.url,
    auth: { username: "ann", password: "secret" },
    poll: { ...QUICK, stallMs: 2000 },
    retry: { budgetMs: 2400, requestMs: 500, graceMs: 50 },
  });
  // The client knows that the server exists, as in a process that has run for a while.
  await client.whoami();
  standin.clearRequests();
  standin.addFaults({ on, times: 1, ...fault });
  return { standin, client };
}

/** Ids of all tasks on the server. */
async function tasksOn(standin: Standin): Promise<number[]> {
  standin.clearFaults();
  const list = await fetch(`${standin.url}/vapi/tasks/progress-summary?group_scope=0`, {
    headers: { authorization: `Basic ${btoa("ann:secret")}` },
  });
  return Object.keys((await list.json()) as object).map(Number);
}

const picture = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47])], "a.png");

/** Ways to create, which differ in how a lost task is recognised. */
const CREATES: Record<string, (client: Client) => Promise<{ tasks: readonly { id: number }[] }>> = {
  "one task, found by its drawn seed": (client) => sdxlLighting(client, { prompt: "a\nb" }),
  "three tasks": (client) => sdxlLighting(client, { prompt: "a", count: 3 }),
  "one task of a given seed, found by its marker": (client) =>
    sdxlLighting(client, { prompt: "a", seed: 5 }),
  "one task of a flow without seeds, found by its marker": (client) =>
    removeBackgroundBirefnet(client, { input_image: picture }),
};

describe.each(Object.entries(FAULTS))("%s", (name, fault) => {
  const refusal = {
    "401": "not_authenticated",
    "404 of a proxy": "not_found",
    "bare 500": "server_error",
  }[name];

  describe("on create", () => {
    it.each(Object.entries(CREATES))("of %s", async (_, create) => {
      const { standin, client } = await struck("create", fault, 0);
      const outcome = await create(client).then(
        ({ tasks }) => tasks.map(({ id }) => id),
        (error: unknown) => (error as VisionatrixError).code,
      );
      const there = await tasksOn(standin);
      if (refusal) expect([outcome, there]).toEqual([refusal, []]);
      else expect(outcome).toEqual(there);
      expect(standin.requests.filter(({ fault: struckBy }) => struckBy)).toHaveLength(1);
    });
  });

  it("while one task is watched: it is not lost", async () => {
    const { standin, client } = await struck("progress", fault);
    // A server that goes down leaves its running task locked for ever.
    const { files } = await sdxlLighting(client, { prompt: "a" }).result({ onStall: "rerun" });
    expect(files).toHaveLength(1);
    expect(standin.requests.filter(({ fault: struckBy }) => struckBy)).toHaveLength(1);
  });

  it("while many tasks are watched: none is lost", async () => {
    const { standin, client } = await struck("progress-summary", fault);
    const run = sdxlLighting(client, { prompt: "a", count: 4 });
    const { files } = await run.result({ onStall: "rerun" });
    expect(files).toHaveLength(4);
    expect(standin.requests.filter(({ fault: struckBy }) => struckBy)).toHaveLength(1);
  });

  it("on cancel: says what it knows, in time", async () => {
    const { standin, client } = await struck("cancel", fault, 0);
    const run = await sdxlLighting(client, { prompt: "a" });
    const cancelled = await run.cancel();
    const there = await tasksOn(standin);
    if (cancelled === "yes") expect(there).toEqual([]);
    if (cancelled === "no") expect(there).toHaveLength(1);
  });

  it.each<[string, Endpoint, (client: Client, id: number) => Promise<unknown>]>([
    ["whoami", "whoami", (client) => client.whoami()],
    ["flows", "flows", (client) => client.flows()],
    ["details", "progress", (client, id) => client.task(id).details()],
  ])("on %s: an answer, or what will not pass", async (_, endpoint, call) => {
    const { client } = await struck(endpoint, fault, 0);
    const { tasks } = await sdxlLighting(client, { prompt: "a" });
    const code = await call(client, tasks[0]!.id).then(
      () => undefined,
      (thrown: unknown) => (thrown as VisionatrixError).code,
    );
    expect(code).toBe(refusal);
  });

  it.each<[string, Endpoint, (client: Client, id: number) => Promise<unknown>]>([
    ["restart", "restart", (client, id) => client.task(id).restart({ force: true })],
    ["delete", "delete", (client, id) => client.task(id).delete()],
  ])("on %s: an answer or an error of ours, and one request", async (_, endpoint, call) => {
    const { standin, client } = await struck(endpoint, fault, 0);
    const { tasks } = await sdxlLighting(client, { prompt: "a" });
    const error = await call(client, tasks[0]!.id).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error !== undefined) {
      expect(error).toBeInstanceOf(VisionatrixError);
      expect((error as Error).message).toMatch(/127\.0\.0\.1/);
      expect((error as Error).message).not.toContain("secret");
    }
    expect(standin.requests.filter((request) => request.endpoint === endpoint)).toHaveLength(1);
  });
});

describe("a create that is lost half-way", () => {
  it.each([0, 1, 2, 3, 4])(
    "with %i of 4 tasks accepted: adopts them and sends the rest",
    async (accept) => {
      const { standin, client } = await struck("create", { do: "reset-after-accept", accept }, 0);
      const run = await sdxlLighting(client, { prompt: "a", count: 4 });
      expect(run.tasks.map(({ id }) => id).sort()).toEqual((await tasksOn(standin)).sort());
      const seeds = run.tasks.map(({ seed }) => seed! - run.tasks[0]!.seed!);
      expect(seeds).toEqual([0, 1, 2, 3]);
    },
  );

  it("waits for tasks that show late, and doubles none", async () => {
    const { standin, client } = await struck(
      "create",
      { do: "reset-after-accept", spreadMs: 20 },
      0,
    );
    const run = await sdxlLighting(client, { prompt: "a", count: 4 });
    expect(run.tasks.map(({ id }) => id)).toEqual(await tasksOn(standin));
    expect(standin.requests.filter(({ endpoint }) => endpoint === "create")).toHaveLength(1);
  });

  it("is adopted though the server answered with an error", async () => {
    const { standin, client } = await struck(
      "create",
      { do: "status", status: 400, body: { detail: "disk full" }, when: "after" },
      0,
    );
    const run = await sdxlLighting(client, { prompt: "a", count: 2 });
    expect(run.tasks.map(({ id }) => id)).toEqual(await tasksOn(standin));
  });

  it("names the tasks that a refusal left", async () => {
    const { standin } = await standinWithClient({ workers: 0 });
    const client = createClient({
      baseUrl: standin.url,
      auth: { username: "ann", password: "secret" },
      retry: { graceMs: 20 },
      // A server whose disk is full after the first task.
      middleware: [
        async (request, next) => {
          if (request.method !== "PUT") return next(request);
          const form = await request.formData();
          form.set("count", "1");
          const headers = { authorization: request.headers.get("authorization")! };
          await next(new Request(request.url, { method: "PUT", body: form, headers }));
          return Response.json({ detail: "disk full" }, { status: 400 });
        },
      ],
    });
    const error: unknown = await sdxlLighting(client, { prompt: "a", count: 3 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ status: 400, taskIds: await tasksOn(standin) });
    expect((error as Error).message).toMatch(/disk full.*1 of 3 tasks were created/);
  });

  it("that cannot be settled in the budget says so, and is settled later", async () => {
    const { standin } = await standinWithClient({ workers: 0 });
    const client = createClient({
      baseUrl: standin.url,
      auth: { username: "ann", password: "secret" },
      retry: { budgetMs: 200, requestMs: 50, graceMs: 20 },
    });
    standin.addFaults(
      { on: "create", times: 1, do: "reset-after-accept" },
      { on: ["progress-summary", "progress"], do: "status", status: 502 },
    );
    const error: unknown = await sdxlLighting(client, { prompt: "a" }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "SubmitUncertainError", code: "submit_uncertain" });
    standin.clearFaults();
    const run = await client.settle(error as never);
    expect(run.tasks.map(({ id }) => id)).toEqual(await tasksOn(standin));
  });
});

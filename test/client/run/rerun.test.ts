/** `task.rerun()` and `onStall: "rerun"`: one new task with the same values replaces the old one. */
import { describe, expect, it } from "vitest";
import { createClient, type Client, type TaskFullInfo } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting, supirUpscaler } from "visionatrix-client/flows";
import type { TaskDetails } from "../../../generated/tasks.js";
import { sameAgain } from "../../../src/run/same-again.js";
import { QUICK, standinWithClient } from "../../support/standin.js";

const idsOn = async (client: Client) => (await client.tasks()).map(({ task_id }) => task_id);

/** The fields that a rerun must keep. */
const essence = ({ name, input_params, group_scope, priority, webhook_url }: TaskFullInfo) => ({
  name,
  input_params,
  group_scope,
  priority,
  webhook_url,
});

const picture = new Blob([
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  ),
]);

describe("task.rerun", () => {
  it("makes the task again by its id alone, and takes the old one away", async () => {
    const { client, standin } = await standinWithClient({ faults: [{ do: "fail", times: 1 }] });
    const params = {
      prompt: "two\nlines, ünïcode",
      negative_prompt: "b",
      group_scope: 3,
      priority: 2,
      webhook_url: "http://127.0.0.1:9/hook",
      webhook_headers: { "x-own": "1" },
    };
    await expect(sdxlLighting(client, params).result()).rejects.toThrow("rerun");
    const before = await client.task(1).details();
    const elsewhere = createClient({
      baseUrl: standin.url,
      auth: { username: "ann", password: "secret" },
      poll: QUICK,
    });
    const next = await elsewhere.task(1).rerun();
    expect(next).toMatchObject({ flow: "sdxl_lighting", seed: before.input_params["seed"] });
    expect((await next.result()).files).toHaveLength(1);
    const after = await next.details();
    expect(essence(after)).toEqual(essence(before));
    expect(after.webhook_headers).toMatchObject({ "x-own": "1" });
    expect(await idsOn(client)).toEqual([next.id]);
  });

  it("takes the seed that the server drew", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    const form = new FormData();
    form.set("prompt", "a");
    const answer = await fetch(`${standin.url}/vapi/tasks/create/sdxl_lighting`, {
      method: "PUT",
      body: form,
      headers: { authorization: `Basic ${btoa("ann:secret")}` },
    });
    expect(answer.status).toBe(200);
    const drawn = /"seed":(\d+)/.exec(JSON.stringify((await client.task(1).details()).flow_comfy));
    const next = await client.task(1).rerun();
    expect((await next.details()).input_params["seed"]).toBe(Number(drawn?.[1]));
  });

  it("takes files from the old task, and keeps the marker of flows without a seed", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "fail", times: 1 }] });
    const run = await removeBackgroundBirefnet(client, { input_image: picture });
    await expect(run.result()).rejects.toMatchObject({ code: "task_failed" });
    const before = await client.task(1).details();
    const next = await run.tasks[0]!.rerun();
    expect(run.tasks).toEqual([next]);
    expect((await run.result()).files).toHaveLength(1);
    const after = await next.details();
    expect(after.webhook_headers).toEqual(before.webhook_headers);
    expect(after.webhook_headers).toHaveProperty("x-client-ref");
    expect(after.input_files.map(({ file_size }) => file_size)).toEqual([picture.size]);
  });

  it("keeps a child the child of its parent", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "fail", task: 2 }] });
    const { files } = await removeBackgroundBirefnet(client, { input_image: picture }).result();
    const child = supirUpscaler(client, { image_to_upscale: files[0]!.reference(), child_task: 1 });
    await child.result().catch(() => undefined);
    const next = await client.task(2).rerun();
    expect(await next.details()).toMatchObject({
      parent_task_id: 1,
      parent_task_node_id: files[0]!.nodeId,
    });
  });

  it("creates one task, however often it is asked and whatever gets lost", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 }, { retry: { graceMs: 80 } });
    const run = await sdxlLighting(client, { prompt: "a" });
    standin.addFaults(
      { on: "progress", do: "status", status: 502, times: 1 },
      { on: "create", do: "reset-after-accept", times: 1 },
      { on: "cancel", do: "status", status: 502, times: 1 },
    );
    const [task] = run.tasks;
    const [one, two] = await Promise.all([task!.rerun(), task!.rerun()]);
    expect(two).toBe(one);
    expect(await task!.rerun()).toBe(one);
    expect(await idsOn(client)).toEqual([one.id]);
  });

  it("finds out, asked again, what came of a create whose fate was unknown", async () => {
    const { client, standin } = await standinWithClient(
      { workers: 0 },
      { retry: { graceMs: 50, budgetMs: 300 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    standin.addFaults(
      { on: "create", do: "reset-after-accept", times: 1 },
      { on: "progress-summary", do: "status", status: 502 },
    );
    const [task] = run.tasks;
    await expect(task!.rerun()).rejects.toMatchObject({ code: "submit_uncertain" });
    standin.clearFaults();
    const next = await task!.rerun();
    expect(await idsOn(client)).toEqual([next.id]);
  });

  it("leaves a task that has finished where it is", async () => {
    const { client } = await standinWithClient();
    const run = await sdxlLighting(client, { prompt: "a" });
    await run.result();
    const next = await run.tasks[0]!.rerun();
    expect(await idsOn(client)).toEqual([1, next.id]);
  });

  it("is taken back where it is stopped", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 }, { retry: { graceMs: 50 } });
    const run = await sdxlLighting(client, { prompt: "a" });
    standin.addFaults({ on: "create", do: "delay", ms: 200, when: "after" });
    const stop = new AbortController();
    const rerun = run.tasks[0]!.rerun({ signal: stop.signal });
    await expect
      .poll(() => standin.requests.filter(({ endpoint }) => endpoint === "create"))
      .toHaveLength(2);
    stop.abort();
    await expect(rerun).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => idsOn(client)).toEqual([1]);
  });
});

describe("sameAgain", () => {
  const task = {
    task_id: 5,
    name: "f",
    input_params: { prompt: "a" },
    input_files: [],
    group_scope: 1,
    priority: 0,
    parent_task_id: null,
    parent_task_node_id: null,
    translated_input_params: null,
    custom_worker: null,
    webhook_url: null,
    webhook_headers: null,
    flow_comfy: {},
  } as unknown as TaskDetails;
  const sent = (changes: Partial<TaskDetails>) => {
    const { parts } = sameAgain({ ...task, ...changes }, 5);
    return Object.fromEntries(parts.map(({ name, value }) => [name, value]));
  };

  it("asks for the same worker, the same translation and the same seed", () => {
    const { headers } = sameAgain({ ...task, custom_worker: "w" }, 5);
    expect(headers).toEqual({ "X-WORKER-ID": "w" });
    expect(sent({ translated_input_params: { prompt: "b" } })).toMatchObject({ translate: "1" });
    expect(sent({ flow_comfy: { 1: { inputs: { noise_seed: 7 } }, 2: null } })).toMatchObject({
      seed: "7",
    });
    const several = { 1: { inputs: { seed: 7 } }, 2: { inputs: { seed: 8 } } };
    expect(sent({ flow_comfy: several })).not.toHaveProperty("seed");
  });

  it("refuses a task that it cannot reproduce", () => {
    for (const changes of [
      { input_params: { seed: 2 ** 60 } },
      { input_files: [{ file_name: "x.png", file_size: 1 }] },
    ])
      expect(() => sent(changes)).toThrow(/^Task 5 cannot be run again/);
  });
});

describe('onStall: "rerun"', () => {
  it("continues with a new task in place of the stuck one", async () => {
    const { client } = await standinWithClient(
      { faults: [{ do: "stall", at: 30, task: 2 }] },
      { poll: { ...QUICK, stallMs: 1500 } },
    );
    const run = await sdxlLighting(client, { prompt: "a", count: 3 });
    const [, old] = run.tasks;
    const looking = client.task(2).result();
    const shown = new Set<string>();
    const { files, tasks } = await run.result({
      onStall: "rerun",
      onProgress: (progress) => shown.add(progress.tasks.map(({ id }) => id).join()),
    });
    expect(tasks.map(({ id }) => id)).toEqual([1, 4, 3]);
    expect(run.tasks.map(({ id }) => id)).toEqual([1, 4, 3]);
    expect(tasks[1]!.seed).toBe(old!.seed);
    expect(files.map(({ taskId }) => taskId)).toEqual([1, 4, 3]);
    expect([...shown]).toEqual(["1,2,3", "1,4,3"]);
    // A wait elsewhere follows to the new task, and so does the run's own handle.
    expect((await looking).files[0]!.taskId).toBe(4);
    expect((await old!.result()).files[0]!.taskId).toBe(4);
    expect(await idsOn(client)).toEqual([1, 3, 4]);
  });

  it("runs a task again once, unless more is asked for", async () => {
    const { client } = await standinWithClient(
      { faults: [{ do: "stall", at: 30, times: 3 }] },
      { poll: { ...QUICK, stallMs: 1000 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    await expect(run.result({ onStall: "rerun" })).rejects.toMatchObject({
      name: "TaskStalledError",
      taskIds: [2],
    });
    expect((await run.result({ onStall: "rerun", maxReruns: 2 })).tasks[0]!.id).toBe(4);
  });

  it("frees the queue of a task that loops", async () => {
    const { client } = await standinWithClient({
      speed: 5,
      duration: 1000,
      faults: [{ do: "loop", times: 1 }],
    });
    const run = await sdxlLighting(client, { prompt: "a" });
    const behind = await sdxlLighting(client, { prompt: "b" });
    expect((await run.result({ onStall: "rerun" })).tasks[0]!.id).toBe(3);
    expect((await behind.result()).files).toHaveLength(1);
  });

  it("leaves nothing where the run is stopped meanwhile", async () => {
    const { client, standin } = await standinWithClient(
      {
        faults: [
          { do: "stall", at: 30 },
          { on: "create", nth: 2, do: "delay", ms: 300, when: "after" },
        ],
      },
      { poll: { ...QUICK, stallMs: 50 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    const stop = new AbortController();
    const wait = run.result({ onStall: "rerun", signal: stop.signal });
    await expect
      .poll(() => standin.requests.filter(({ endpoint }) => endpoint === "create"))
      .toHaveLength(2);
    stop.abort();
    await expect(wait).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => idsOn(client)).toEqual([]);
    await expect.poll(() => run.tasks[0]!.id).toBe(2);
    await expect.poll(() => idsOn(client)).toEqual([]);
  });
});

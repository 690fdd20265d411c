/** Tasks from submit to their end: failures, stalls, watching, `verifyFlows`, requests. */
import { describe, expect, it } from "vitest";
import { createClient, type Logger } from "visionatrix-client";
import { verifyFlows } from "../../../src/index.js";
import { flows, pixartE, sdxlLighting } from "visionatrix-client/flows";
import { findDrift } from "../../../src/flow/drift.js";
import { asked, QUICK, standinWithClient } from "../../support/standin.js";

describe("client.tasks", () => {
  it("lists own tasks of all groups, with states and dates in UTC", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "fail", task: 2 }] });
    await sdxlLighting(client, { prompt: "a" }).result();
    await sdxlLighting(client, { prompt: "a" })
      .result()
      .catch(() => undefined);
    await pixartE(client, { prompt: "a", group_scope: 3 }).result();
    const tasks = await client.tasks();
    expect(tasks.map(({ name, state, group_scope }) => [name, state, group_scope])).toEqual([
      ["sdxl_lighting", "done", 1],
      ["sdxl_lighting", "failed", 1],
      ["pixart_e", "done", 3],
    ]);
    expect((await client.tasks({ flow: "pixart_e" })).map(({ task_id }) => task_id)).toEqual([3]);
    expect(
      (await client.tasks({ group: 1, state: "failed" })).map(({ task_id }) => task_id),
    ).toEqual([2]);
    const { finished_at } = await client.task(1).details();
    expect(Math.abs(Date.now() - Date.parse(finished_at!))).toBeLessThan(60_000);
  });
});

describe("a task", () => {
  it("can be restarted after it failed, and deleted", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "fail", times: 1 }] });
    const run = await sdxlLighting(client, { prompt: "a" });
    await expect(run.result()).rejects.toMatchObject({
      name: "TaskFailedError",
      code: "task_failed",
    });
    await run.tasks[0]!.restart();
    expect((await run.result()).files).toHaveLength(1);
    await run.tasks[0]!.delete();
    await expect(run.tasks[0]!.details()).rejects.toMatchObject({ code: "task_not_found" });
    await expect(run.result()).rejects.toMatchObject({ name: "TaskGoneError" });
  });

  it("shows as stalled when its worker has died, and still can be waited for", async () => {
    const { client } = await standinWithClient(
      { faults: [{ do: "stall", at: 30, times: 1 }] },
      { poll: { ...QUICK, stallMs: 60 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    for await (const { state } of run.progress())
      if (state === "stalled") {
        await run.tasks[0]!.restart({ force: true });
        break;
      }
    // Leaving the loop has cancelled the run, which the caller owned.
    await expect(run.result()).rejects.toMatchObject({ name: "TaskGoneError" });
  });

  it("rejects as stalled where that is asked for", async () => {
    const { client } = await standinWithClient(
      { faults: [{ do: "stall", at: 30 }] },
      { poll: { ...QUICK, stallMs: 60 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    await expect(run.result({ onStall: "fail" })).rejects.toMatchObject({
      name: "TaskStalledError",
      code: "task_stalled",
      taskIds: [1],
    });
  });

  it("goes back to the queue when a worker gives up, and is waited for all the same", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "give-up", at: 50, times: 1 }] });
    expect((await sdxlLighting(client, { prompt: "a" }).result()).files).toHaveLength(1);
  });

  it("is cancelled at the end of `await using`", async () => {
    const { client } = await standinWithClient({ workers: 0 });
    const run = await sdxlLighting(client, { prompt: "a" });
    await run[Symbol.asyncDispose]();
    expect(await client.tasks()).toEqual([]);
  });
});

describe("watching", () => {
  it("asks once for many tasks", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    const run = await sdxlLighting(client, { prompt: "a", count: 50 });
    const waits = [run.result(), run.result(), client.task(7).result()];
    void Promise.allSettled(waits);
    await expect.poll(() => asked(standin, "progress-summary")).toBeGreaterThan(3);
    expect(asked(standin, "progress")).toBeLessThan(3);
    const [list] = standin.requests.filter(({ endpoint }) => endpoint === "progress-summary");
    expect(list?.url).toContain("name=sdxl_lighting&group_scope=1");
    await run.cancel();
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: "TaskGoneError" });
  });

  it("gives up on credentials that stay refused", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    const run = await sdxlLighting(client, { prompt: "a" });
    standin.addFaults({ on: "progress", do: "status", status: 401 });
    await expect(run.result()).rejects.toMatchObject({ code: "not_authenticated" });
    expect(asked(standin, "progress")).toBe(2);
  });

  it("gives up when an outage has lasted for the whole budget", async () => {
    const { client, standin } = await standinWithClient(
      { workers: 0 },
      { poll: { ...QUICK, outageMs: 60 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    standin.addFaults({ on: "progress", do: "status", status: 502 });
    const troubles: string[] = [];
    await expect(
      run.result({ onProgress: ({ trouble }) => trouble && troubles.push(trouble.code) }),
    ).rejects.toMatchObject({ status: 502 });
    expect(troubles.length).toBeGreaterThan(0);
  });
});

describe("verifyFlows", () => {
  it("finds nothing when the server matches the generated code", async () => {
    const { client } = await standinWithClient();
    expect(await verifyFlows(client, Object.values(flows))).toEqual([]);
  });

  it("says in the words of diff what differs", async () => {
    const { client } = await standinWithClient();
    const installed = await client.flows();
    const flow = installed.find(({ name }) => name === "sdxl_lighting")!;
    const inputs = Object.fromEntries(flow.input_params.map((input) => [input.name, input]));
    inputs["steps_number"]!.options = { "4 steps": 1, "16 steps": 2 };
    inputs["steps_number"]!.default = "4 steps";
    inputs["batch_size"]!.max = 4;
    flow.input_params = [
      ...Object.values(inputs).filter(({ name }) => name !== "negative_prompt"),
      { name: "mask", display_name: "Mask", type: "image", optional: false, default: "" },
    ];
    flow.is_count_supported = false;
    const drift = findDrift([flows.sdxl_lighting, { id: "gone", parameters: [] }], installed);
    expect(drift.map(({ parameter, rule }) => `${parameter ?? ""} ${rule}`).sort()).toEqual([
      " flow-removed",
      "batch_size param-maximum-lowered",
      "count standard-param-removed",
      "mask param-added-required",
      "negative_prompt param-removed",
      "steps_number param-choice-added",
      "steps_number param-choice-removed",
      "steps_number param-default-changed",
    ]);
    expect(drift.find(({ rule }) => rule === "param-choice-removed")?.message).toBe(
      'sdxl_lighting: `steps_number` no longer accepts "8 steps".',
    );
  });

  it("compares long default texts by their start, which is all that is generated", async () => {
    const { client } = await standinWithClient();
    const installed = await client.flows();
    const prompt = installed
      .find(({ name }) => name === "realvis_xl")!
      .input_params.find(({ name }) => name === "prompt")!;
    const text = String(prompt.default);
    const rules = (value: string): string[] => {
      prompt.default = value;
      return findDrift([flows.realvis_xl], installed).map(({ rule }) => rule);
    };
    expect(rules(`${text}!`)).toEqual([]);
    for (const other of [`!${text}`, text.slice(0, 20), text.slice(0, 39), "…"])
      expect(rules(other)).toEqual(["param-default-changed"]);
  });
});

describe("requests", () => {
  it("pass through middleware in order, with credentials for their own server only", async () => {
    const { standin } = await standinWithClient();
    const seen: string[] = [];
    const client = createClient({
      baseUrl: `${standin.url}/`,
      auth: { username: "ann", password: "secret" },
      headers: { "x-proxy": "1" },
      middleware: [
        async (request, next) => {
          seen.push(`1 ${request.headers.get("x-proxy")}`);
          const response = await next(request);
          seen.push(`1 ${response.status}`);
          return response;
        },
        (request, next) => {
          seen.push("2");
          return next(request);
        },
      ],
    });
    expect((await client.whoami()).user_id).toBe("ann");
    expect(seen).toEqual(["1 1", "2", "1 200"]);
  });

  it("are logged with an id and without secrets", async () => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const { client } = await standinWithClient({}, { logger });
    await sdxlLighting(client, { prompt: "my prompt" }).result();
    expect(lines[0]).toMatch(/^#1 PUT \/vapi\/tasks\/create\/sdxl_lighting 200 in \d+ ms$/);
    expect(lines.join("\n")).not.toMatch(/secret|my prompt|Basic/);
  });

  it("carry the admin headers of a call", async () => {
    const { client, standin } = await standinWithClient({ workers: 0 });
    await sdxlLighting(client, { prompt: "a" }, { headers: { "X-WORKER-ID": "w" } });
    expect((await client.task(1).details()).custom_worker).toBe("w");
    expect(
      standin.requests.find(({ endpoint }) => endpoint === "create")?.headers["x-worker-id"],
    ).toBe("w");
  });

  it("name the address that a redirect points at, and do not follow it", async () => {
    const { standin, client } = await standinWithClient({
      faults: [
        {
          on: ["create", "whoami"],
          do: "status",
          status: 307,
          headers: { location: "http://127.0.0.1:1/" },
        },
      ],
    });
    for (const call of [() => client.whoami(), () => sdxlLighting(client, { prompt: "a" })])
      await expect(call()).rejects.toMatchObject({
        code: "redirected",
        message: expect.stringContaining("http://127.0.0.1:1/") as string,
      });
    expect(asked(standin, "create")).toBe(1);
  });
});

describe("what is shown of a client", () => {
  it("holds no secret", async () => {
    const { client } = await standinWithClient();
    const { inspect } = await import("node:util");
    const run = await sdxlLighting(client, { prompt: "a" });
    for (const thing of [client, run, run.tasks[0]])
      expect(inspect(thing, { depth: 9, showHidden: true }) + JSON.stringify(thing)).not.toMatch(
        /secret|YW5uOn/,
      );
    expect(JSON.parse(JSON.stringify(run))).toEqual({
      flow: "sdxl_lighting",
      tasks: [{ id: 1, flow: "sdxl_lighting", seed: run.tasks[0]!.seed }],
    });
  });
});

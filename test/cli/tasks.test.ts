import { describe, expect, it } from "vitest";
import { start, tasksOf, vix, vixJson, world } from "./support.js";

const RUN = ["run", "sdxl_lighting", "--prompt", "a cat", "--seed", "5", "--detach"];

describe("vix tasks", () => {
  it("lists them with state, percent, error and seed, filtered as asked for", async () => {
    const { here } = await world({ faults: [{ do: "fail", error: "out of memory\n", nth: 2 }] });
    await vix(RUN, here);
    await vix(["watch", "1"], here);
    await vix(RUN, here);
    await vix(["watch", "2"], here);
    const { document } = await vixJson(["tasks"], here);
    expect(document.tasks).toMatchObject([
      { id: 1, flow: "sdxl_lighting", state: "done", percent: 100, seed: 5 },
      { id: 2, state: "failed", error: "out of memory" },
    ]);
    const failed = await vixJson(["tasks", "--state", "failed"], here);
    expect(failed.document.tasks.map(({ id }) => id)).toEqual([2]);
    expect((await vixJson(["tasks", "--flow", "flux1_dev"], here)).document.tasks).toEqual([]);
    expect((await vixJson(["tasks", "--group", "2"], here)).document.tasks).toEqual([]);
    expect((await vix(["tasks"], here)).stdout).toMatch(/^1 +sdxl_lighting +done +a cat\n2 /);
  });

  it("shows with --watch what changes, until Ctrl-C", async () => {
    const { here } = await world({ workers: 0 });
    await vix(RUN, here);
    const running = start(["tasks", "--watch"], here);
    await new Promise((resolve) => running.child.stdout!.once("data", resolve));
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect([code, stdout]).toEqual([130, "1 sdxl_lighting queued 0 %\n"]);
  });
});

describe("watch, save, cancel, restart", () => {
  it("end with 2 for a task that failed or is gone, and say which", async () => {
    const { here } = await world({ faults: [{ do: "fail", error: "boom", nth: 1 }] });
    await vix(RUN, here);
    const watched = await vixJson(["watch", "1", "77"], here);
    expect(watched.code).toBe(2);
    expect(watched.document).toMatchObject({
      ok: false,
      error: { code: "task_failed", taskIds: [1, 77] },
      tasks: [
        { id: 1, state: "failed" },
        { id: 77, state: "gone" },
      ],
    });
    const restarted = await vixJson(["restart", "1"], here);
    expect(restarted.document).toMatchObject({ ok: true, tasks: [{ id: 1, state: "queued" }] });
    const saved = await vixJson(["save", "1"], here);
    expect([saved.code, saved.document.files.length]).toEqual([0, 1]);
    expect((await vixJson(["restart", "77"], here)).code).toBe(2);
    expect((await vixJson(["restart", "1"], here)).code).toBe(1);
  });

  it("rerun creates a task again with its seed, and deletes the failed one", async () => {
    const { here, standin } = await world({ faults: [{ do: "fail", error: "boom", nth: 1 }] });
    const failed = await vixJson(["run", "sdxl_lighting", "--prompt", "x", "--seed", "7"], here);
    expect(failed.document.error?.hint).toContain("vix rerun 1");
    const watched = await vixJson(["watch", "1"], here);
    expect([watched.code, watched.document.error?.hint]).toEqual([2, failed.document.error?.hint]);
    const { code, document } = await vixJson(["rerun", "1"], here);
    expect([code, document.tasks]).toEqual([0, [{ id: 2, seed: 7, replaces: 1 }]]);
    const saved = await vixJson(["save", "2", "--resume"], here);
    expect([saved.code, saved.document.files[0]?.seed]).toEqual([0, 7]);
    expect([...(await tasksOf(standin)).keys()]).toEqual([2]);
    expect((await vixJson(["rerun", "77"], here)).code).toBe(2);
  });

  it("cancel removes a task from the server, and reports one that had ended", async () => {
    const { here, standin } = await world({ workers: 0 });
    await vix(RUN, here);
    const { document } = await vixJson(["cancel", "1"], here);
    expect(document.tasks).toEqual([{ id: 1, cancelled: "yes" }]);
    expect((await tasksOf(standin)).size).toBe(0);
    const gone = await vixJson(["cancel", "1"], here);
    expect([gone.code, gone.document.error?.code]).toEqual([2, "task_not_found"]);
    const quick = await world();
    await vix(RUN, quick.here);
    await vix(["watch", "1"], quick.here);
    expect((await vixJson(["cancel", "1"], quick.here)).document.tasks).toEqual([
      { id: 1, cancelled: "no" },
    ]);
  });
});

describe("vix flows", () => {
  it("lists installed and generated flows together, and finds words", async () => {
    const { here } = await world();
    const { document } = await vixJson(["flows"], here);
    expect(document.flows.length).toBeGreaterThan(50);
    expect(document.flows).toContainEqual(
      expect.objectContaining({ id: "sdxl_lighting", installed: true, generated: true }),
    );
    const found = await vixJson(["flows", "remove background"], here);
    expect(found.document.flows.map(({ id }) => id)).toContain("remove_background_birefnet");
    expect(found.document.flows.length).toBeLessThan(5);
    expect((await vixJson(["flows", "no such words"], here)).code).toBe(1);
  });

  it("lists the generated ones where no server is known", async () => {
    const { document, code } = await vixJson(["flows"]);
    expect(code).toBe(0);
    expect(document.flows[0]).toMatchObject({ installed: null, generated: true });
  });

  it("shows one with its parameters", async () => {
    const { here } = await world();
    const { document } = await vixJson(["flows", "sdxl_lighting"], here);
    expect(document).toMatchObject({ flow: { id: "sdxl_lighting", installed: true } });
    expect(document.parameters).toContainEqual(
      expect.objectContaining({ name: "steps_number", choices: ["4 steps", "8 steps"] }),
    );
  });
});

describe("vix doctor", () => {
  it("finds nothing wrong with a server that is well, and runs a tiny task when asked to", async () => {
    const { here, standin } = await world();
    const { code, document } = await vixJson(["doctor", "--run"], here);
    expect([code, document.ok]).toEqual([0, true]);
    expect(document.checks.map(({ name }) => name)).toEqual(
      "address server credentials version clock flows drift workers run".split(" "),
    );
    expect(document.checks.every(({ ok }) => ok)).toBe(true);
    // The task was deleted again.
    expect((await tasksOf(standin)).size).toBe(0);
  });

  it("ends with 4 for credentials, and with 1 for drift", async () => {
    const refused = await world({ auth: "ann:secret" });
    const wrong = await vixJson(["doctor"], refused.here);
    expect(wrong.code).toBe(4);
    expect(wrong.document.checks).toContainEqual(
      expect.objectContaining({ name: "credentials", ok: false }),
    );
    const schema = {
      type: "object",
      properties: { prompt: { type: "string" }, brand_new: { type: "string" } },
      required: ["brand_new"],
    };
    const body = { required: true, content: { "multipart/form-data": { schema } } };
    const put = { requestBody: body, responses: { "200": { description: "" } } };
    const flows = {
      openapi: "3.1.0",
      info: { title: "", version: "" },
      paths: { "/vapi/tasks/create/sdxl_lighting": { put } },
    };
    const drifted = await vixJson(["doctor"], (await world({ flows })).here);
    expect(drifted.code).toBe(1);
    expect(drifted.document.checks).toContainEqual(
      expect.objectContaining({ name: "drift", ok: false }),
    );
    const outputs = { sdxl_lighting: [{ node: 9, type: "audio" }] } as const;
    const deaf = await vixJson(["doctor"], (await world({ outputs })).here);
    expect(deaf.document.checks.find(({ name }) => name === "drift")).toMatchObject({
      ok: false,
      message: "sdxl_lighting: node 9 makes audio now, not image.",
    });
  });
});

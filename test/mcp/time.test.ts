/** Hosts that time out, cancel, or die: no task is run twice. */
import { describe, expect, it } from "vitest";
import { createClient } from "visionatrix-client";
import { asked } from "../support/standin.js";
import { http, KINDS, place, startHttp, stdio, WAYS, type Place } from "./support.js";

/** Tasks that take longer than the timeout of the hosts here. */
const SLOW = { speed: 1, duration: 2000 } as const;
const FLOW = { flow: "sdxl_lighting", params: { prompt: "a" } };

const tasksOf = async ({ standin }: Place) =>
  createClient({ baseUrl: standin.url, auth: { username: "ann", password: "secret" } }).tasks();

describe.each(WAYS)("%s", (_, start) => {
  it("goes on when the host times out after 1 s, and treats the retry as the same run", async () => {
    const at = await place(SLOW);
    const host = await start(at);
    const args = { ...FLOW, request_id: "once" };
    await expect(host.call("run_flow", args, { timeout: 1000 })).rejects.toThrow(/timed out/i);
    const again = await host.call("run_flow", args);
    expect(again.structuredContent?.tasks).toMatchObject([{ id: 1, state: "done" }]);
    expect(asked(at.standin, "create")).toBe(1);
    expect(await tasksOf(at)).toHaveLength(1);
  });

  it("answers within its own time limit, with the progress and what to do next", async () => {
    const at = await place({ speed: 1, duration: 600_000 });
    const host = await start(at, ["--wait", "1"]);
    const begun = performance.now();
    const { structuredContent } = await host.call("run_flow", FLOW);
    // The default wait would be 25 s, and the task takes ten minutes.
    expect(performance.now() - begun).toBeLessThan(20_000);
    const [task] = structuredContent!.tasks;
    expect(task).toMatchObject({ state: "running", percent: expect.any(Number) as number });
    expect(structuredContent!.next).toContain(`wait_task with ids [${task!.id}]`);
    const waited = await host.call("wait_task", { ids: [task!.id, 99], wait_s: 0 });
    expect(waited.structuredContent!.tasks).toMatchObject([
      { state: "running" },
      { id: 99, state: "gone", error: expect.any(String) as string },
    ]);
    const cancelled = await host.call("cancel_task", { ids: [task!.id] });
    expect(cancelled.structuredContent!.tasks).toMatchObject([{ state: "gone", cancelled: "yes" }]);
    expect(await tasksOf(at)).toEqual([]);
  });
});

describe.each(KINDS)("%s", (kind) => {
  it("cancels the tasks when the user stops the host", async () => {
    const at = await place({ speed: 1, duration: 600_000 });
    const host = await stdio(at, kind);
    const stop = new AbortController();
    const call = host.call("run_flow", FLOW, { signal: stop.signal });
    await expect.poll(() => asked(at.standin, "create")).toBe(1);
    stop.abort("The user pressed stop.");
    await expect(call).rejects.toThrow();
    await expect.poll(() => tasksOf(at)).toEqual([]);
  });

  it("leaves the tasks of others alone when a wait for them is stopped", async () => {
    const at = await place({ speed: 1, duration: 20_000 });
    const host = await stdio(at, kind);
    const { structuredContent } = await host.call("run_flow", { ...FLOW, wait_s: 0 });
    const stop = new AbortController();
    const call = host.call(
      "wait_task",
      { ids: [structuredContent!.tasks[0]!.id] },
      { signal: stop.signal, onprogress: () => stop.abort("The user pressed stop.") },
    );
    await expect(call).rejects.toThrow();
    await host.call("list_flows", {});
    expect(await tasksOf(at)).toHaveLength(1);
  });

  it("leaves the tasks on the server when the host goes away", async () => {
    const at = await place(SLOW);
    const host = await stdio(at, kind);
    const call = host.call("run_flow", FLOW).catch(() => undefined);
    await expect.poll(() => asked(at.standin, "create")).toBe(1);
    await host.close();
    await call;
    const next = await stdio(at, kind);
    const { structuredContent } = await next.call("wait_task", { ids: [1] });
    expect(structuredContent?.tasks).toMatchObject([{ id: 1, state: "done" }]);
  });

  it("makes one run of two calls with one request_id at once, and refuses it for another", async () => {
    const at = await place();
    const host = await stdio(at, kind);
    const args = { ...FLOW, request_id: "twins" };
    const both = await Promise.all([host.call("run_flow", args), host.call("run_flow", args)]);
    expect(both.map((each) => each.structuredContent!.tasks[0]!.id)).toEqual([1, 1]);
    expect(asked(at.standin, "create")).toBe(1);
    const other = await host.call("run_flow", { ...args, params: { prompt: "b" } });
    expect(other).toMatchObject({ isError: true });
    expect(other.content[0]?.text).toContain("other parameters");
  });

  it("treats a request_id as the same run after it was killed and restarted", async () => {
    const at = await place(SLOW);
    const args = { ...FLOW, request_id: "across restarts" };
    const host = await stdio(at, kind);
    const call = host.call("run_flow", args).catch(() => undefined);
    await expect.poll(() => asked(at.standin, "create")).toBe(1);
    await host.close();
    await call;
    const next = await stdio(at, kind);
    const { structuredContent } = await next.call("run_flow", args);
    expect(structuredContent?.tasks).toMatchObject([{ id: 1, state: "done" }]);
    expect(await tasksOf(at)).toHaveLength(1);
  });
});

describe("a server that does not respond", () => {
  it("leaves a create within its bound, and finds the run again", async () => {
    const at = await place({ faults: [{ do: "hang", on: "create", nth: 1 }] });
    const host = await stdio(at, "v2, 2026", ["--wait", "1"]);
    const args = { ...FLOW, request_id: "hung" };
    const first = await host.call("run_flow", args);
    expect(first.structuredContent).toMatchObject({
      tasks: [],
      next: expect.stringMatching(/^Not created yet: .*"hung"/) as string,
    });
    at.standin.dropConnections();
    const again = await host.call("run_flow", { ...args, wait_s: 20 });
    expect(again.structuredContent?.tasks).toMatchObject([{ state: "done" }]);
    expect(await tasksOf(at)).toHaveLength(1);
  });

  it("holds a wait no longer than its bound", async () => {
    const at = await place({ speed: 1, duration: 600_000 });
    const host = await stdio(at, "v2, 2026", ["--wait", "1"]);
    await host.call("run_flow", { ...FLOW, wait_s: 0 });
    at.standin.addFaults({ do: "hang", every: 1 });
    const { structuredContent } = await host.call("wait_task", { ids: [1] }, { timeout: 20_000 });
    expect(structuredContent).toMatchObject({
      tasks: [{ id: 1 }],
      next: expect.stringContaining("wait_task with ids [1]") as string,
    });
  });
});

it("serves two clients at once, each with its own files and tasks", async () => {
  const at = await place({ speed: 1, duration: 500, workers: 2 });
  const url = await startHttp(at);
  const hosts = await Promise.all([http(url, "v1"), http(url, "v2, 2026")]);
  const answers = await Promise.all(
    hosts.map(async (host, index) =>
      host.call("run_flow", { flow: "sdxl_lighting", params: { prompt: "a", seed: index + 1 } }),
    ),
  );
  const tasks = answers.map(({ structuredContent }) => structuredContent!.tasks[0]!);
  expect(tasks.map(({ seed }) => seed)).toEqual([1, 2]);
  expect(new Set(tasks.map(({ files }) => files![0]!.path)).size).toBe(2);
});

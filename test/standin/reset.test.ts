/** Resets between tests. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../conformance/wire.js";
import { create, details, ended, FLOW, get, nextTurn, outcome, start } from "./support.js";

describe("reset", () => {
  it("leaves nothing of before: tasks, ids, faults, records, settings, flows, workers", async () => {
    const vix = await start({ speed: "instant", faults: [{ on: "version", do: "bare-500" }] });
    const { url } = vix;
    const flows = (await get(vix, "/vapi/flows/installed")).text;
    const first = await create(vix);
    await ended(vix, first[0] ?? 0);
    vix.addFaults({ on: "create", do: "bare-500" });
    await get(vix, "/openapi/flows.json?flows=*");
    await ask(url, "DELETE", `/vapi/flows/flow?name=${FLOW}`);
    await ask(url, "POST", "/vapi/settings/user", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key: "k", value: "v" }),
    });

    await vix.reset();

    expect(vix.url).toBe(url);
    expect(vix.requests).toEqual([]);
    expect(vix.webhooks).toEqual([]);
    expect(vix.faults).toEqual([{ fault: { on: "version", do: "bare-500" }, seen: 0, struck: 0 }]);
    expect((await get(vix, "/vapi/tasks/progress-summary?group_scope=0")).json()).toEqual({});
    expect((await get(vix, "/vapi/flows/installed")).text).toBe(flows);
    expect((await get(vix, "/vapi/settings/user?key=k")).text).toBe("");
    expect((await get(vix, "/openapi.json")).text).not.toContain(`TaskRun_${FLOW}`);
    expect(await create(vix)).toEqual(first);
    expect(await ended(vix, first[0] ?? 0)).toMatchObject({ progress: 100 });
  });

  it("stops running tasks, and later events never come", async () => {
    const vix = await start({ duration: 60_000 });
    vix.addFaults({ on: "create", nth: 2, do: "deliver-late", afterMs: 20 });
    await create(vix);
    await outcome(create(vix).then(() => ({}) as never));
    await vix.reset();
    const [id = 0] = await create(vix);
    expect(id).toBe(1);
    const until = Date.now() + 60;
    while (Date.now() < until) await nextTurn();
    expect(Object.keys((await get(vix, "/vapi/tasks/progress-summary")).json() as object)).toEqual([
      "1",
    ]);
  });

  it("resets the requests that still wait for an answer, and leaves idle connections open", async () => {
    const vix = await start({ faults: [{ on: "whoami", do: "hang" }] });
    const hanging = outcome(get(vix, "/vapi/other/whoami"));
    while (vix.requests[0]?.fate !== "hung") await nextTurn();
    await vix.reset();
    expect(await hanging).toBe("ECONNRESET");
  });

  it("takes a virtual clock back, and what was due on it", async () => {
    const vix = await start({ clock: "virtual", duration: 10_000 });
    const { clock } = vix;
    const [id = 0] = await create(vix);
    await clock.advance(5000);
    const start_ = clock.now() - 5000;
    await vix.reset();
    expect(vix.clock).toBe(clock);
    expect(clock.now()).toBe(start_);
    await create(vix);
    await clock.advance(20_000);
    expect(await details(vix, id)).toMatchObject({ progress: 100 });
  });

  it("listens again where it was offline", async () => {
    const vix = await start();
    await vix.goOffline();
    await vix.reset();
    expect((await get(vix, "/vapi/other/whoami")).status).toBe(200);
  });

  it("empties its data folder of its own files only", async () => {
    const data = mkdtempSync(join(tmpdir(), "standin-reset-"));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const vix = await start({ data, speed: "instant" });
    const [id = 0] = await create(vix);
    await ended(vix, id);
    expect(readdirSync(join(data, "files")).length).toBeGreaterThan(0);
    await vix.reset();
    expect(readdirSync(join(data, "files"))).toEqual([]);
    expect(existsSync(join(data, "tasks.jsonl"))).toBe(true);
    expect(await create(vix)).toEqual([1]);
  });

  it("works over HTTP", async () => {
    const vix = await start({ control: true, workers: 0 });
    await create(vix);
    expect((await ask(vix.url, "POST", "/_standin/reset")).status).toBe(204);
    expect((await get(vix, "/vapi/tasks/progress-summary")).json()).toEqual({});
  });

  it("is rejected once the stand-in is closed", async () => {
    const vix = await start();
    await vix.close();
    await expect(vix.reset()).rejects.toThrow(/closed/);
  });
});

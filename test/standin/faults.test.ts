import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import {
  type Fault,
  FaultError,
  type FaultTrigger,
  type Standin,
  startStandin,
} from "visionatrix-standin";
import { ask, multipart } from "../conformance/wire.js";
import {
  create,
  details,
  ended,
  FILE_FLOW,
  FLOW,
  get,
  nextTurn,
  outcome,
  put,
  start,
  workers,
} from "./support.js";

const WHOAMI = "/vapi/other/whoami";

function whoami(vix: Standin): Promise<string | number> {
  return outcome(get(vix, WHOAMI));
}

function tasks(vix: Standin): Promise<string[]> {
  return get(vix, "/vapi/tasks/progress-summary").then((one) => Object.keys(one.json() as object));
}

describe("when a fault strikes", () => {
  it("strikes every call without a condition", async () => {
    const vix = await start({ faults: [{ on: "whoami", do: "status", status: 503 }] });
    expect([await whoami(vix), await whoami(vix)]).toEqual([503, 503]);
  });

  it.each<[string, FaultTrigger, number[]]>([
    ["nth", { nth: 2 }, [200, 418, 200, 200, 200, 200]],
    ["several nth", { nth: [1, 3] }, [418, 200, 418, 200, 200, 200]],
    ["every", { every: 2 }, [200, 418, 200, 418, 200, 418]],
    ["after", { after: 4 }, [200, 200, 200, 200, 418, 418]],
    ["times", { times: 2 }, [418, 418, 200, 200, 200, 200]],
    ["after and times", { after: 1, times: 1 }, [200, 418, 200, 200, 200, 200]],
    ["no chance", { chance: 0 }, [200, 200, 200, 200, 200, 200]],
    ["certainty", { chance: 1 }, [418, 418, 418, 418, 418, 418]],
  ])("obeys %s", async (_name, when, expected) => {
    const vix = await start({ faults: [{ on: "whoami", ...when, do: "status", status: 418 }] });
    const seen = [];
    for (let k = 0; k < expected.length; k += 1) seen.push(await whoami(vix));
    expect(seen).toEqual(expected);
  });

  it("draws the same chances from the same seed, others from another", async () => {
    const draw = async (seed: number): Promise<string> => {
      const faults: Fault[] = [{ on: "whoami", chance: 0.5, do: "status", status: 418 }];
      const vix = await start({ seed, faults });
      const seen = [];
      for (let k = 0; k < 24; k += 1) seen.push(await whoami(vix));
      return seen.join();
    };
    const first = await draw(7);
    expect(await draw(7)).toBe(first);
    expect(await draw(8)).not.toBe(first);
    expect(first).toContain("418");
    expect(first).toContain("200");
  });

  it("chooses by endpoint, flow and task", async () => {
    const vix = await start({ workers: 0 });
    const [id = 0] = await create(vix);
    const [other = 0] = await create(vix);
    vix.addFaults(
      { on: "create", flow: "auraflow", do: "status", status: 502 },
      { task: other, do: "status", status: 504 },
    );
    expect(await outcome(get(vix, `/vapi/tasks/progress/${id}`))).toBe(200);
    expect(await outcome(get(vix, `/vapi/tasks/progress/${other}`))).toBe(504);
    expect(await outcome(put(vix, [["prompt", "x"]]))).toBe(200);
    expect(await outcome(put(vix, [["prompt", "x"]], "auraflow"))).toBe(502);
    vix.clearFaults();
    expect(await outcome(put(vix, [["prompt", "x"]], "auraflow"))).toBe(200);
  });

  it("counts matching calls and injected faults", async () => {
    const vix = await start({ faults: [{ on: "whoami", nth: 2, do: "status", status: 418 }] });
    await whoami(vix);
    await whoami(vix);
    await whoami(vix);
    expect(vix.faults).toMatchObject([{ seen: 3, struck: 1 }]);
  });

  it.each<[unknown, RegExp]>([
    [{ do: "explode" }, /"do" must be one of refuse,.*it is "explode"/],
    [{ on: "craete", do: "hang" }, /"on" must be one of create,.*it is "craete"/],
    [{ do: "delay" }, /"delay" needs a number "ms"/],
    [{ do: "status" }, /"status" needs a number "status"/],
    [{ do: "hang", every: -1 }, /"every" must be a number of 0 or more; it is -1/],
    ["hang", /a fault must be an object/],
  ])("refuses the script %j in one sentence", async (fault, words) => {
    const starting = startStandin({ faults: [fault as Fault] });
    await expect(starting).rejects.toThrow(FaultError);
    await expect(starting).rejects.toThrow(words);
  });
});

describe("faults before the work", () => {
  it.each<[Fault, string | number]>([
    [{ on: "create", do: "refuse" }, "ECONNRESET"],
    [{ on: "create", do: "reset-before-body" }, "ECONNRESET"],
    [{ on: "create", do: "reset-after-body" }, "ECONNRESET"],
    [{ on: "create", do: "status", status: 429, retryAfter: 2 }, 429],
    [{ on: "create", do: "status", status: 401 }, 401],
    [{ on: "create", do: "bare-500" }, 500],
    [{ on: "create", do: "html" }, 200],
    [{ on: "create", do: "wrong-json" }, 200],
  ])("%j creates nothing", async (fault, expected) => {
    const vix = await start({ workers: 0, faults: [fault] });
    expect(await outcome(put(vix, [["prompt", "x"]]))).toBe(expected);
    expect(await tasks(vix)).toEqual([]);
    const record = vix.requests.find(({ endpoint }) => endpoint === "create");
    expect(record?.fault).toBe(fault.do);
    expect(record?.fate).toBe(typeof expected === "string" ? "reset" : "answered");
  });

  it("refuses connections before they say anything", async () => {
    const vix = await start({ faults: [{ do: "refuse", nth: 1 }] });
    expect(await whoami(vix)).toBe("ECONNRESET");
    expect(vix.requests).toEqual([]);
    expect(await whoami(vix)).toBe(200);
  });

  it("resets the connection in the middle of an upload", async () => {
    const vix = await start({
      workers: 0,
      faults: [{ on: "create", do: "reset-during-body", at: 200_000 }],
    });
    const bytes = Buffer.alloc(20_000_000);
    const upload = put(vix, [["input_image", { filename: "a.png", bytes }]], FILE_FLOW);
    expect(["ECONNRESET", "EPIPE"]).toContain(await outcome(upload));
    expect(vix.requests[0]?.bytesIn).toBeGreaterThanOrEqual(200_000);
    expect(vix.requests[0]?.bytesIn).toBeLessThan(20_000_000);
    expect(await tasks(vix)).toEqual([]);
  });

  it("takes a body in slowly, and whole", async () => {
    const faults: Fault[] = [{ on: "create", do: "slow-read", bytesPerSecond: 20_000 }];
    const vix = await start({ workers: 0, faults });
    const began = performance.now();
    const bytes = Buffer.from("0123456789".repeat(400));
    await create(vix, [["input_image", { filename: "a.png", bytes }]], FILE_FLOW);
    expect(performance.now() - began).toBeGreaterThan(100);
    const back = await get(vix, "/vapi/tasks/inputs?task_id=1&input_index=0");
    expect(back.bytes.equals(bytes)).toBe(true);
  });

  it("hangs until the client gives up, and says so", async () => {
    const vix = await start({ workers: 0, faults: [{ on: "whoami", do: "hang" }] });
    const hanging = whoami(vix);
    while (vix.requests[0]?.fate !== "hung") await new Promise((resolve) => setImmediate(resolve));
    vix.dropConnections();
    expect(await hanging).toBe("ECONNRESET");
  });
});

describe("faults after the work", () => {
  it("loses the answer of a create that was accepted", async () => {
    const vix = await start({ workers: 0, faults: [{ on: "create", do: "reset-after-accept" }] });
    expect(
      await outcome(
        put(vix, [
          ["prompt", "x"],
          ["count", "3"],
        ]),
      ),
    ).toBe("ECONNRESET");
    expect(await tasks(vix)).toEqual(["1", "2", "3"]);
    expect(vix.requests[0]).toMatchObject({ fate: "reset", taskIds: [1, 2, 3] });
  });

  it("accepts only so many tasks of a create before it loses the answer", async () => {
    const faults: Fault[] = [{ on: "create", do: "reset-after-accept", accept: 2 }];
    const vix = await start({ workers: 0, faults });
    expect(
      await outcome(
        put(vix, [
          ["prompt", "x"],
          ["count", "5"],
        ]),
      ),
    ).toBe("ECONNRESET");
    expect(await tasks(vix)).toEqual(["1", "2"]);
  });

  it("continues to create tasks, slowly, after the connection is lost", async () => {
    const faults: Fault[] = [{ on: "create", do: "reset-after-accept", spreadMs: 1000 }];
    const vix = await start({ workers: 0, clock: "virtual", faults });
    expect(
      await outcome(
        put(vix, [
          ["prompt", "x"],
          ["count", "3"],
        ]),
      ),
    ).toBe("ECONNRESET");
    expect(await tasks(vix)).toEqual(["1"]);
    await vix.clock.advance(1000);
    expect(await tasks(vix)).toEqual(["1", "2"]);
    await vix.clock.advance(5000);
    expect(await tasks(vix)).toEqual(["1", "2", "3"]);
  });

  it.each<Fault>([
    { on: "create", do: "status", status: 504, when: "after" },
    { on: "create", do: "html", when: "after" },
    { on: "create", do: "bare-500", when: "after" },
    { on: "create", do: "cut" },
  ])("%j creates the task all the same", async (fault) => {
    const vix = await start({ workers: 0, faults: [fault] });
    await outcome(put(vix, [["prompt", "x"]]));
    expect(await tasks(vix)).toEqual(["1"]);
  });

  it("carries a create out after its client was disconnected", async () => {
    const vix = await start({
      clock: "virtual",
      workers: 0,
      faults: [{ on: "create", nth: 1, do: "deliver-late", afterMs: 5000 }],
    });
    const upload = { filename: "a.png", bytes: "pretend picture" };
    expect(await outcome(put(vix, [["input_image", upload]], FILE_FLOW))).toBe("ECONNRESET");
    await vix.clock.advance(4999);
    expect((await get(vix, "/vapi/tasks/progress-summary")).json()).toEqual({});
    await vix.clock.advance(1);
    const [task] = Object.values(
      (await get(vix, "/vapi/tasks/progress-summary")).json() as Record<string, unknown>,
    );
    expect(task).toMatchObject({
      name: FILE_FLOW,
      input_files: [{ file_size: upload.bytes.length }],
    });
    expect(vix.requests[0]).toMatchObject({ fate: "reset", status: 200, taskIds: [1] });
  });

  it("delivers no late request that arrived only in part", async () => {
    const vix = await start({ workers: 0, faults: [{ do: "deliver-late", afterMs: 0, times: 1 }] });
    const socket = connect(vix.port, "127.0.0.1");
    socket.write(
      `PUT /vapi/tasks/create/${FLOW} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc`,
    );
    while (vix.requests.length === 0) await nextTurn();
    socket.destroy();
    while (vix.requests[0]?.fate === "open") await nextTurn();
    expect(vix.requests[0]?.fate).toBe("client-gone");
    expect((await get(vix, "/vapi/tasks/progress-summary")).json()).toEqual({});
  });

  it("cuts the connection in the middle of the answer", async () => {
    const vix = await start({ faults: [{ on: "whoami", do: "cut", at: 10 }] });
    expect(await whoami(vix)).toBe("ECONNRESET");
    expect(vix.requests[0]).toMatchObject({ fate: "cut", bytesOut: 10 });
  });

  it.each([
    [10, 10],
    [-5, -5],
    [0, 0],
  ])("cuts only the content at %i when it is quiet about it", async (at, length) => {
    const vix = await start();
    const whole = (await get(vix, WHOAMI)).text;
    vix.addFaults({ on: "whoami", do: "cut", at, quiet: true });
    const answer = await get(vix, WHOAMI);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(whole.slice(0, length));
  });

  it("drips without changing a byte", async () => {
    const vix = await start();
    const whole = (await get(vix, WHOAMI)).text;
    vix.addFaults({ on: "whoami", do: "slow", bytesPerSecond: 2000 });
    expect((await get(vix, WHOAMI)).text).toBe(whole);
  });

  it("slows responses by the given factor, or a single call by a fault", async () => {
    const vix = await start({
      clock: "virtual",
      workers: 0,
      faults: [{ on: "whoami", nth: 1, do: "slow", factor: 100 }],
    });
    let done = false;
    const slow = get(vix, "/vapi/other/whoami").then((answer) => {
      done = true;
      return answer;
    });
    while (vix.requests.length === 0) await nextTurn();
    await get(vix, "/vapi/other/whoami");
    await vix.clock.advance(999);
    expect(done).toBe(false);
    await vix.clock.advance(1);
    expect((await slow).status).toBe(200);
  });

  it("answers late by the stand-in's clock", async () => {
    const vix = await start({
      clock: "virtual",
      faults: [{ on: "whoami", do: "delay", ms: 60_000 }],
    });
    let status: string | number = 0;
    const asking = whoami(vix).then((one) => (status = one));
    while (vix.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await vix.clock.advance(59_999);
    expect(status).toBe(0);
    await vix.clock.advance(1);
    expect(await asking).toBe(200);
  });

  it("closes the connection after a complete answer", async () => {
    const vix = await start({ faults: [{ on: "whoami", do: "drop-connection" }] });
    const text = await new Promise<string>((resolve, reject) => {
      let received = "";
      const socket = connect(vix.port, "127.0.0.1", () => {
        socket.write(`GET ${WHOAMI} HTTP/1.1\r\nHost: x\r\n\r\n`);
      });
      socket.on("data", (chunk) => (received += chunk.toString()));
      socket.on("error", reject);
      socket.on("close", () => resolve(received));
    });
    expect(text).toMatch(/is_admin":true,"record_expires_at":null}$/);
    expect(text).not.toMatch(/connection: close/i);
  });

  it("sends what a proxy would say, and Retry-After", async () => {
    const vix = await start({
      faults: [{ on: "whoami", do: "status", status: 503, retryAfter: 7 }],
    });
    const answer = await get(vix, WHOAMI);
    expect(answer.headers["retry-after"]).toBe("7");
    expect(answer.headers["content-type"]).toMatch(/^text\/html/);
    expect(answer.text).toContain("503 Service Temporarily Unavailable");
  });

  it("sends a page with status 200, and JSON of another shape", async () => {
    const vix = await start({
      faults: [
        { on: "whoami", nth: 1, do: "html" },
        { on: "whoami", nth: 2, do: "wrong-json", body: [1] },
      ],
    });
    expect((await get(vix, WHOAMI)).text).toMatch(/^<html>/);
    expect((await get(vix, WHOAMI)).json()).toEqual([1]);
  });

  it("lets the session end in the middle", async () => {
    const vix = await start({ faults: [{ on: "whoami", after: 1, do: "status", status: 401 }] });
    expect(await whoami(vix)).toBe(200);
    const answer = await get(vix, WHOAMI);
    expect(answer.text).toBe("Not authenticated");
    expect(answer.headers["www-authenticate"]).toBe("Basic");
  });
});

describe("faults of tasks and lists", () => {
  it("hides new tasks for a while", async () => {
    const vix = await start({
      workers: 0,
      clock: "virtual",
      faults: [{ on: "create", do: "hide", ms: 3000 }],
    });
    const [id = 0] = await create(vix);
    expect(await tasks(vix)).toEqual([]);
    expect(await outcome(get(vix, `/vapi/tasks/progress/${id}`))).toBe(404);
    await vix.clock.advance(3000);
    expect(await tasks(vix)).toEqual([String(id)]);
  });

  it("poisons the list", async () => {
    const vix = await start({ workers: 0, faults: [{ on: "create", do: "poison" }] });
    await create(vix);
    expect(await outcome(get(vix, "/vapi/tasks/progress"))).toBe(500);
    expect(await tasks(vix)).toEqual(["1"]);
  });

  it("changes the order of outputs", async () => {
    const vix = await start({ workers: 0 });
    const file = { filename: "a.png", bytes: "x" };
    const nodes = async (): Promise<number[]> => {
      const answer = await put(vix, [["person_face", file]], "photo_stickers");
      const { outputs } = answer.json() as { outputs: { comfy_node_id: number }[] };
      return outputs.map((one) => one.comfy_node_id);
    };
    const usual = await nodes();
    vix.addFaults({ on: "create", do: "shuffle-outputs" });
    expect(await nodes()).toEqual([...usual].reverse());
  });

  it("leaves a result without a useful media type", async () => {
    const vix = await start({ speed: "instant", faults: [{ on: "results", do: "no-media-type" }] });
    const [id = 0] = await create(vix);
    await ended(vix, id);
    const answer = await get(vix, `/vapi/tasks/results?task_id=${id}&node_id=9`);
    expect(answer.headers["content-type"]).toBe("application/octet-stream");
    expect(answer.headers["content-disposition"]).toContain(".png");
  });

  it("fails a task with the text given", async () => {
    const vix = await start({ speed: "instant", faults: [{ do: "fail", error: "boom", at: 20 }] });
    const [id = 0] = await create(vix);
    const task = await ended(vix, id);
    expect(task).toMatchObject({ error: "boom", locked_at: null });
    expect(task.progress).toBeGreaterThanOrEqual(20);
    expect(task.progress).toBeLessThan(50);
  });

  it("stalls a task and continues with the next", async () => {
    const vix = await start({ speed: "instant", faults: [{ do: "stall", nth: 1, at: 10 }] });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    await ended(vix, second);
    const stalled = await details(vix, first);
    expect(stalled.locked_at).not.toBeNull();
    expect(stalled).toMatchObject({ error: "", finished_at: null });
    const path = `/vapi/tasks/restart?task_id=${first}&force=true`;
    expect((await ask(vix.url, "POST", path)).status).toBe(204);
    expect(await ended(vix, first)).toMatchObject({ progress: 100 });
  });

  it("shows a stalled worker as busy and silent, and puts another in its place", async () => {
    const vix = await start({ clock: "virtual", faults: [{ do: "stall", nth: 1, at: 10 }] });
    const [id = 0] = await create(vix);
    await vix.clock.advance(60_000);
    const task = await details(vix, id);
    expect(task.locked_at).not.toBeNull();
    const [dead, next, ...more] = await workers(vix);
    expect(more).toEqual([]);
    expect(dead).toMatchObject({ worker_id: task["worker_id"], empty_task_requests_count: 0 });
    expect(dead?.last_seen).toBe(task["updated_at"]);
    expect(next?.empty_task_requests_count).toBeGreaterThan(1);
  });

  it("orphans a task: locked by a worker that asks for other work", async () => {
    const vix = await start({ clock: "virtual", faults: [{ do: "orphan", nth: 1, at: 30 }] });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    await vix.clock.advance(60_000);
    expect(await details(vix, second)).toMatchObject({ progress: 100 });
    const orphan = await details(vix, first);
    expect(orphan).toMatchObject({ error: "", finished_at: null });
    expect(orphan.progress).toBeGreaterThanOrEqual(30);
    expect(orphan.locked_at).not.toBeNull();
    const [worker] = await workers(vix);
    expect(worker?.worker_id).toBe(orphan["worker_id"]);
    expect(worker?.empty_task_requests_count).toBeGreaterThan(1);
    expect(String(worker?.last_seen) > String(orphan["updated_at"])).toBe(true);
    // The task stays locked until a forced restart.
    await ask(vix.url, "POST", `/vapi/tasks/restart?task_id=${first}&force=true`);
    await vix.clock.advance(60_000);
    expect(await details(vix, first)).toMatchObject({ progress: 100, locked_at: null });
  });

  it("takes a task again and again, and nothing behind it, until it is deleted", async () => {
    const vix = await start({ clock: "virtual", faults: [{ do: "loop", nth: 1, at: 90 }] });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    let locks = 0;
    let locked = false;
    for (let k = 0; k < 300; k += 1) {
      await vix.clock.advance(100);
      const { error, finished_at, locked_at } = await details(vix, first);
      expect({ error, finished_at }).toEqual({ error: "", finished_at: null });
      if (locked_at !== null && !locked) locks += 1;
      locked = locked_at !== null;
    }
    expect(locks).toBeGreaterThan(5);
    expect(await details(vix, second)).toMatchObject({ progress: 0, locked_at: null });
    await ask(vix.url, "DELETE", `/vapi/tasks/task?task_id=${first}`);
    await vix.clock.advance(10_000);
    expect(await details(vix, second)).toMatchObject({ progress: 100 });
  });

  it("gives up a task, which is then run again from the start", async () => {
    const vix = await start({ clock: "virtual", faults: [{ do: "give-up", nth: 1, at: 50 }] });
    const [id = 0] = await create(vix);
    const seen: number[] = [];
    for (let k = 0; k < 220; k += 1) {
      await vix.clock.advance(25);
      const { progress } = await details(vix, id);
      if (seen.at(-1) !== progress) seen.push(progress);
    }
    const fall = seen.findIndex((value, k) => value < (seen[k - 1] ?? 0));
    expect(seen[fall - 1]).toBeGreaterThanOrEqual(50);
    expect(seen[fall]).toBe(0);
    expect(seen.at(-1)).toBe(100);
  });

  it("deletes a task behind the client's back", async () => {
    const vix = await start({ speed: "instant", faults: [{ do: "vanish", nth: 1 }] });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    await ended(vix, second);
    expect(await outcome(get(vix, `/vapi/tasks/progress/${first}`))).toBe(404);
  });

  it("takes the given time", async () => {
    const vix = await start({ clock: "virtual", faults: [{ do: "take", ms: 600_000 }] });
    const [id = 0] = await create(vix);
    await vix.clock.advance(599_000);
    expect((await details(vix, id)).progress).toBeLessThan(100);
    await vix.clock.advance(1001);
    expect((await details(vix, id)).progress).toBe(100);
  });

  it("loses the files of a finished task, or counts one too many", async () => {
    const vix = await start({
      speed: "instant",
      faults: [
        { do: "lose-files", nth: 1 },
        { do: "phantom-file", nth: 2 },
      ],
    });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    const phantom = await ended(vix, second);
    expect(await outcome(get(vix, `/vapi/tasks/results?task_id=${first}&node_id=9`))).toBe(404);
    expect(phantom.outputs[0]?.batch_size).toBe(2);
    const path = `/vapi/tasks/results?task_id=${second}&node_id=9&batch_index=`;
    expect(await outcome(get(vix, `${path}0`))).toBe(200);
    expect(await outcome(get(vix, `${path}1`))).toBe(404);
  });
});

describe("restarts", () => {
  it("comes back on the same port with its tasks and another created_at", async () => {
    const vix = await start({ workers: 0, clock: "virtual" });
    const [id = 0] = await create(vix);
    const before = await details(vix, id);
    const down = vix.restart({ downMs: 5000 });
    await vix.clock.advance(0);
    expect(await whoami(vix)).toBe("ECONNREFUSED");
    await vix.clock.advance(5000);
    await down;
    const after = await details(vix, id);
    expect(after["created_at"]).not.toBe(before["created_at"]);
    expect(after.task_id).toBe(id);
  });

  it("leaves running tasks locked, unless its workers release them first", async () => {
    for (const release of [false, true]) {
      const vix = await start({ clock: "virtual" });
      const [id = 0] = await create(vix);
      await vix.clock.advance(1000);
      expect((await details(vix, id)).locked_at).not.toBeNull();
      await vix.restart({ release });
      await vix.clock.advance(10_000);
      expect((await details(vix, id)).progress === 100).toBe(release);
    }
  });

  it("goes down instead of answering", async () => {
    const vix = await start({
      workers: 0,
      faults: [{ on: "create", nth: 1, do: "restart-server" }],
    });
    expect(await outcome(put(vix, [["prompt", "x"]]))).toBe("ECONNRESET");
    let status = await outcome(put(vix, [["prompt", "x"]]));
    while (status === "ECONNREFUSED") status = await outcome(put(vix, [["prompt", "x"]]));
    expect(status).toBe(200);
  });

  it("refuses connections while it is offline, and its tasks go on", async () => {
    const vix = await start({ clock: "virtual" });
    const [id = 0] = await create(vix);
    await vix.goOffline();
    expect(await whoami(vix)).toBe("ECONNREFUSED");
    await vix.clock.advance(5000);
    await vix.goOnline();
    expect((await details(vix, id)).progress).toBe(100);
  });

  it.runIf(existsSync("/proc/net/tcp"))("keeps its port while it is offline", async () => {
    const vix = await start();
    await vix.goOffline();
    // Programs that ask the system for a port never get one that a connection is bound to.
    const port = vix.port.toString(16).toUpperCase().padStart(4, "0");
    const held = new RegExp(`: 0100007F:${port} \\w+:\\w+ 01 `);
    const connections = (): string => readFileSync("/proc/net/tcp", "utf8");
    expect(connections()).toMatch(held);
    await vix.goOnline();
    expect(await whoami(vix)).toBe(200);
    await vix.goOffline();
    await vix.close();
    expect(connections()).not.toMatch(held);
  });

  it("drops idle connections on request", async () => {
    const vix = await start();
    await new Promise<void>((resolve, reject) => {
      const socket = connect(vix.port, "127.0.0.1", () => {
        socket.write(`GET ${WHOAMI} HTTP/1.1\r\nHost: x\r\n\r\n`);
      });
      socket.once("data", () => vix.dropIdleConnections());
      socket.on("error", reject);
      socket.on("close", () => resolve());
    });
    expect(vix.connections).toBe(0);
  });
});

describe("records", () => {
  it("keeps bodies only on demand, cut at the size given", async () => {
    const form = multipart([["prompt", "hello"]]);
    for (const recordBodies of [0, 30]) {
      const vix = await start({ workers: 0, recordBodies });
      await ask(vix.url, "PUT", `/vapi/tasks/create/${FLOW}`, form);
      const body = vix.requests[0]?.body;
      expect(body?.toString()).toBe(
        recordBodies === 0 ? undefined : form.body.toString().slice(0, 30),
      );
    }
  });

  it("tells what came of each request, with credentials masked", async () => {
    const vix = await start({ workers: 0, auth: "me:secret" });
    const authorization = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    await ask(vix.url, "GET", `${WHOAMI}?x=1`, { headers: { authorization } });
    await get(vix, "/nowhere");
    expect(vix.requests).toMatchObject([
      { id: 1, method: "GET", url: `${WHOAMI}?x=1`, endpoint: "whoami", user: "me", status: 200 },
      { id: 2, endpoint: "unknown", status: 401, user: undefined },
    ]);
    expect(JSON.stringify(vix.requests)).not.toContain(authorization.slice(6));
    expect(vix.requests[0]?.connection).not.toBe(vix.requests[1]?.connection);
    expect(vix.requests[0]?.bytesIn).toBeGreaterThan(50);
  });

  it("says why a bare 500 was answered", async () => {
    const vix = await start({ workers: 0 });
    await put(vix, [
      ["prompt", "x"],
      ["steps_number", "7"],
    ]);
    expect(vix.requests[0]?.note).toBe("steps_number is not one of the choices");
  });

  it("records no more than its limit", async () => {
    const vix = await start({ recordLimit: 3 });
    for (let k = 0; k < 10; k += 1) await whoami(vix);
    expect(vix.requests.map(({ id }) => id)).toEqual([8, 9, 10]);
    vix.clearRequests();
    expect(vix.requests).toEqual([]);
  });
});

describe("the control path", () => {
  it("is off unless asked for", async () => {
    const vix = await start();
    expect(await outcome(get(vix, "/_standin/requests"))).toBe(404);
  });

  it("scripts faults and reads requests back, without credentials and unrecorded", async () => {
    const vix = await start({ control: true, auth: "me:secret", recordBodies: 100 });
    const fault = JSON.stringify({ on: "whoami", do: "status", status: 502 });
    expect((await ask(vix.url, "POST", "/_standin/faults", { body: fault })).status).toBe(204);
    expect(await whoami(vix)).toBe(502);
    const records = (await get(vix, "/_standin/requests")).json() as { url: string }[];
    expect(records.map(({ url }) => url)).toEqual([WHOAMI]);
    expect((await get(vix, "/_standin/faults")).json()).toMatchObject([{ struck: 1 }]);
    expect((await ask(vix.url, "DELETE", "/_standin/faults")).status).toBe(204);
    expect(await whoami(vix)).toBe(401);
  });

  it("moves the clock, and rejects unknown controls", async () => {
    const vix = await start({ control: "/_ctl", clock: "virtual" });
    const [id = 0] = await create(vix);
    const advance = { body: '{"ms":60000}' };
    expect((await ask(vix.url, "POST", "/_ctl/clock/advance", advance)).status).toBe(204);
    expect((await details(vix, id)).progress).toBe(100);
    expect((await ask(vix.url, "POST", "/_ctl/faults", { body: '{"do":"x"}' })).status).toBe(400);
    expect((await ask(vix.url, "POST", "/_ctl/faults", { body: "{" })).status).toBe(400);
    expect((await get(vix, "/_ctl/nothing")).text).toContain("POST /faults");
  });

  it("restarts the server", async () => {
    const vix = await start({ control: true });
    expect((await ask(vix.url, "POST", "/_standin/restart")).status).toBe(204);
    let status = await whoami(vix);
    while (typeof status === "string") status = await whoami(vix);
    expect(status).toBe(200);
  });
});

describe("webhook faults", () => {
  it.each<[Fault, number]>([
    [{ do: "lose-webhook" }, 0],
    [{ do: "repeat-webhook" }, 2],
    [{ do: "late-webhook", ms: 1 }, 1],
  ])("%j", async (fault, calls) => {
    const receiver = await start();
    const vix = await start({ speed: "instant", faults: [fault] });
    const [id = 0] = await create(vix, [
      ["prompt", "x"],
      ["webhook_url", `${receiver.url}/hook`],
    ]);
    await ended(vix, id);
    const got = (): number =>
      receiver.requests.filter(({ url }) => url === "/hook/task-progress").length;
    while (got() < calls) await new Promise((resolve) => setImmediate(resolve));
    expect(got()).toBe(calls);
    if (calls === 0) expect(vix.webhooks).toMatchObject([{ outcome: "lost by a fault" }]);
  });
});

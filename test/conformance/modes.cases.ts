/** Sections 1.1, 4.1 and 9: who runs tasks, and what happens to them when it is interrupted or ends. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { MOVES_TIME, TASK_MS } from "./setups.js";
import { FLOW, type Json, type Target } from "./target.js";

const ENDS = "a real server would stay down";

async function create(target: Target, count = 1): Promise<number[]> {
  const fields = [["prompt", "x"] as const, ["count", String(count)] as const];
  return (await target.created(FLOW, fields)).tasks_ids;
}

/** Creates a task and advances the clock to the middle of it. */
async function running(target: Target): Promise<number> {
  const [id = 0] = await create(target);
  await target.standin.clock.advance(TASK_MS / 2);
  expect((await target.details(id))["locked_at"]).not.toBeNull();
  return id;
}

/** Whether the task is still locked, but no worker works on it. */
async function isAbandoned(target: Target, id: number): Promise<boolean> {
  const before = await target.details(id);
  await target.standin.clock.advance(2 * TASK_MS);
  const after = await target.details(id);
  expect(after).toEqual(before);
  return after["locked_at"] !== null && after["error"] === "";
}

const modes: readonly Case[] = [
  {
    section: "1.1",
    name: "runs tasks itself in DEFAULT mode, one at a time, by a worker that is listed",
    setup: "working",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const [first = 0, second = 0] = await create(target, 2);
      await target.standin.clock.advance(TASK_MS / 2);
      expect((await target.details(first))["progress"]).toBeGreaterThan(0);
      expect(await target.details(second)).toMatchObject({ progress: 0, locked_at: null });
      await target.standin.clock.advance(TASK_MS * 2);
      for (const id of [first, second]) {
        expect(await target.details(id)).toMatchObject({ progress: 100, error: "" });
      }
      const workers = (await target.get("/vapi/workers/info")).json() as Json[];
      expect(workers.map((one) => one["user_id"])).toContain("admin");
    },
  },
  {
    section: "1.1",
    name: "runs nothing itself in SERVER mode",
    setup: "paused",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const [id = 0] = await create(target);
      await target.standin.clock.advance(100 * TASK_MS);
      expect(await target.details(id)).toMatchObject({ progress: 0, locked_at: null, error: "" });
    },
  },
];

const ends: readonly Case[] = [
  {
    section: "9",
    name: "has nothing to interrupt in SERVER mode, and leaves the tasks of workers alone",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      expect((await target.send("POST", "/vapi/other/interrupt-engine")).status).toBe(204);
      expect((await worker.report(id, 50)).status).toBe(204);
    },
  },
  {
    section: "4.1",
    name: "leaves a task that was interrupted locked for ever, without an error, and goes on",
    setup: "working",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const id = await running(target);
      expect((await target.send("POST", "/vapi/other/interrupt-engine")).status).toBe(204);
      expect(await isAbandoned(target, id)).toBe(true);
      const [next = 0] = await create(target);
      await target.standin.clock.advance(2 * TASK_MS);
      expect((await target.details(next))["progress"]).toBe(100);
    },
  },
  {
    section: "4.1",
    name: "leaves what was running when its process ended locked, until it is restarted by force",
    setup: "working",
    standinOnly: ENDS,
    run: async (target) => {
      const id = await running(target);
      await target.standin.restart();
      expect(await isAbandoned(target, id)).toBe(true);
      const restart = `/vapi/tasks/restart?task_id=${id}`;
      expect((await target.send("POST", restart)).status).toBe(400);
      expect((await target.send("POST", `${restart}&force=true`)).status).toBe(204);
      await target.standin.clock.advance(2 * TASK_MS);
      expect((await target.details(id))["progress"]).toBe(100);
    },
  },
  {
    section: "4.1",
    name: "shows the worker of a task that it lost as idle, seen later than the task, which stays locked",
    setup: "working",
    standinOnly: "a real worker loses no task when it is asked to",
    run: async (target) => {
      target.standin.addFaults({ do: "orphan", times: 1 });
      const [id = 0] = await create(target);
      await target.standin.clock.advance(2 * TASK_MS);
      const task = await target.details(id);
      expect(task["locked_at"]).not.toBeNull();
      const path = `/vapi/workers/info?worker_id=${encodeURIComponent(String(task["worker_id"]))}`;
      const [worker] = (await target.get(path)).json() as Json[];
      expect(worker?.["empty_task_requests_count"]).toBeGreaterThanOrEqual(1);
      expect(String(worker?.["last_seen"]) > String(task["updated_at"])).toBe(true);
    },
  },
  ...rows(
    [
      ["cancelled", "DELETE", "/vapi/tasks/queue/"],
      ["deleted", "DELETE", "/vapi/tasks/task?task_id="],
    ] as const,
    (done, method, path) => ({
      section: "4.4",
      name: `goes on to the next task when the one that runs is ${done}`,
      setup: "working",
      standinOnly: MOVES_TIME,
      run: async (target) => {
        const id = await running(target);
        const [next = 0] = await create(target);
        expect((await target.send(method, `${path}${id}`)).status).toBe(204);
        await target.standin.clock.advance(1.2 * TASK_MS);
        expect((await target.details(next))["progress"]).toBe(100);
      },
    }),
  ),
  {
    section: "9",
    name: "ends a second after it was told to shut down, which an admin alone may tell",
    setup: "working",
    standinOnly: ENDS,
    run: async (target) => {
      const id = await running(target);
      expect((await target.send("POST", "/vapi/other/shutdown-server")).status).toBe(204);
      await target.standin.clock.advance(900);
      expect((await target.details(id))["error"]).toBe("");
      await target.standin.clock.advance(100);
      await expect(target.get("/vapi/other/whoami")).rejects.toThrow("ECONNREFUSED");
      await target.standin.goOnline();
      expect(await isAbandoned(target, id)).toBe(true);
    },
  },
];

export const modesCases: readonly Case[] = [...modes, ...ends];

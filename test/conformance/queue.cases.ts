/** Sections 4.1 to 4.3: restarts, priorities, and which task a worker gets. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { detail } from "./steps.js";
import { FLOW, type Json } from "./target.js";

const restarts: readonly Case[] = [
  {
    section: "4.3",
    name: "queues a failed task again",
    run: async (target) => {
      const id = await target.worker().failed("broken");
      expect(await target.details(id)).toMatchObject({ error: "broken", progress: 30 });
      expect((await target.send("POST", `/vapi/tasks/restart?task_id=${id}`)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({
        error: "",
        progress: 0,
        execution_time: 0,
        worker_id: null,
        locked_at: null,
        input_params: { prompt: "x" },
      });
    },
  },
  {
    section: "4.3",
    name: "does not restart a task without an error",
    run: async (target) => {
      const id = await target.task();
      await detail(
        target,
        "POST",
        `/vapi/tasks/restart?task_id=${id}`,
        400,
        `Task \`${id}\` has no error set.`,
      );
    },
  },
  {
    section: "4.3",
    name: "restarts a locked task by force",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 40);
      expect(
        (await target.send("POST", `/vapi/tasks/restart?task_id=${id}&force=true`)).status,
      ).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 0, locked_at: null });
      // The worker is not notified, and its reports are still accepted.
      expect((await worker.report(id, 60)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 60 });
    },
  },
  ...["", "&force=true"].map((query): Case => ({
    section: "4.3",
    name: `does not restart a finished task${query}`,
    run: async (target) => {
      const id = await target.worker().finished();
      await detail(
        target,
        "POST",
        `/vapi/tasks/restart?task_id=${id}${query}`,
        400,
        `Task \`${id}\` already finished.`,
      );
    },
  })),
  {
    section: "4.3",
    name: "does not restart what is not there",
    run: (target) =>
      detail(
        target,
        "POST",
        "/vapi/tasks/restart?task_id=999999999",
        404,
        "Task `999999999` was not found.",
      ),
  },
  {
    section: "4.3",
    name: "lets only the owner restart",
    setup: "secured",
    run: async (target) => {
      const id = await target.task([], FLOW, target.stranger);
      await detail(
        target,
        "POST",
        `/vapi/tasks/restart?task_id=${id}&force=true`,
        404,
        `Task \`${id}\` was not found.`,
      );
    },
  },
];

const updates: readonly Case[] = [
  {
    section: "4.2",
    name: "changes the priority of a queued task and keeps its group",
    run: async (target) => {
      const id = await target.task([
        ["group_scope", "3"],
        ["priority", "2"],
      ]);
      expect(
        (await target.json("PUT", `/vapi/tasks/update?task_id=${id}`, { priority: 9 })).status,
      ).toBe(204);
      expect(await target.details(id)).toMatchObject({ priority: 9, group_scope: 3 });
    },
  },
  ...rows(
    [
      ["a text", { priority: "5" }, 422],
      ["16", { priority: 16 }, 422],
      ["-1", { priority: -1 }, 422],
      ["a fraction", { priority: 1.5 }, 422],
      ["nothing", {}, 422],
      ["null", { priority: null }, 500],
    ] as const,
    (name, body, status) => ({
      section: "4.2",
      name: `answers ${status} to the priority ${name}`,
      run: async (target) => {
        const id = await target.task();
        const answer = await target.json("PUT", `/vapi/tasks/update?task_id=${id}`, body);
        expect(answer.status).toBe(status);
      },
    }),
  ),
  {
    section: "4.2",
    name: "does not change a task that has started",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 1);
      const answer = await target.json("PUT", `/vapi/tasks/update?task_id=${id}`, { priority: 1 });
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({
        detail: `Task \`${id}\` cannot be updated because it has already started.`,
      });
    },
  },
];

const OTHER_FLOW = "juggernaut_xl";

const queue: readonly Case[] = [
  {
    section: "4.2",
    name: "hands out higher groups first, then higher priorities",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain([FLOW, OTHER_FLOW]);
      const low = await worker.task([["priority", "15"]]);
      const group = await worker.task([["group_scope", "2"]]);
      const high = await worker.task([
        ["group_scope", "2"],
        ["priority", "1"],
      ]);
      const order = [];
      for (let k = 0; k < 3; k += 1) order.push(((await worker.next()).json() as Json)["task_id"]);
      expect(order).toEqual([high, group, low]);
    },
  },
  {
    section: "4.2",
    name: "prefers the worker's last flow among equals",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain([FLOW, OTHER_FLOW]);
      await worker.task();
      const same = await worker.task([], OTHER_FLOW);
      const next = (await worker.next([FLOW, OTHER_FLOW], OTHER_FLOW)).json() as Json;
      expect(next["task_id"]).toBe(same);
    },
  },
  {
    section: "4.2",
    name: "gives a worker only the flows that it names",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain([FLOW, OTHER_FLOW]);
      await worker.task();
      expect((await worker.next([FLOW.toUpperCase()])).status).toBe(204);
      expect((await worker.next([])).status).toBe(204);
      expect((await worker.next([FLOW])).status).toBe(200);
    },
  },
  {
    section: "4.2",
    name: "does not hand out a task twice",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain([FLOW, OTHER_FLOW]);
      await worker.task();
      expect((await worker.next()).status).toBe(200);
      expect((await worker.next()).status).toBe(204);
    },
  },
  {
    section: "4.1",
    name: "hands out again what a worker gave up",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain([FLOW, OTHER_FLOW]);
      const id = await worker.take();
      await worker.report(id, 40);
      expect((await worker.unlock(id)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 40, error: "", locked_at: null });
      expect(((await worker.next()).json() as Json)["task_id"]).toBe(id);
    },
  },
  {
    section: "4.1",
    name: "does not hand out a failed task",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain([FLOW, OTHER_FLOW]);
      const id = await worker.take();
      await worker.report(id, 40, "no");
      await worker.unlock(id);
      expect((await worker.next()).status).toBe(204);
    },
  },
];

export const queueCases: readonly Case[] = [...restarts, ...updates, ...queue];

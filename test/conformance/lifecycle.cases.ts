/** Sections 4, 6 and 7: what becomes of tasks, who hears of it, and what workers do. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FILE_FLOW, FLOW, type Json, NODE, type Target } from "./target.js";

async function detail(
  target: Target,
  method: string,
  path: string,
  status: number,
  text: string,
): Promise<void> {
  const answer = await target.send(method, path);
  expect(answer.text).toBe(JSON.stringify({ detail: text }));
  expect(answer.status).toBe(status);
}

const SHORT_KEYS = [
  "task_id",
  "priority",
  "progress",
  "error",
  "name",
  "input_params",
  "outputs",
  "input_files",
  "locked_at",
  "worker_id",
  "execution_time",
  "group_scope",
  "parent_task_id",
  "parent_task_node_id",
  "child_tasks",
  "translated_input_params",
  "extra_flags",
  "hidden",
];
const LONG_KEYS = [
  "created_at",
  "updated_at",
  "finished_at",
  "flow_comfy",
  "user_id",
  "webhook_url",
  "webhook_headers",
  "execution_details",
  "custom_worker",
];
const NAIVE_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?$/;

const shapes: readonly Case[] = [
  {
    section: "4.6",
    name: "shows a task with all keys in their order",
    run: async (target) => {
      const details = await target.details(await target.task());
      expect(Object.keys(details)).toEqual([...SHORT_KEYS, ...LONG_KEYS]);
    },
  },
  {
    section: "4.6",
    name: "shows a task in short with the first keys only",
    run: async (target) => {
      const id = await target.task([["group_scope", "20"]]);
      const list = (await target.get("/vapi/tasks/progress-summary?group_scope=20")).json() as Json;
      expect(Object.keys(list[String(id)] as Json)).toEqual(SHORT_KEYS);
    },
  },
  {
    section: "4.6",
    name: "shows a queued task as nothing yet",
    run: async (target) => {
      expect(await target.details(await target.task())).toMatchObject({
        progress: 0,
        error: "",
        locked_at: null,
        worker_id: null,
        execution_time: 0,
        parent_task_id: null,
        child_tasks: [],
        updated_at: null,
        finished_at: null,
        execution_details: null,
        custom_worker: "nobody",
        hidden: false,
      });
    },
  },
  {
    section: "4.6",
    name: "writes floats with a fraction",
    run: async (target) => {
      const id = await target.task();
      const answer = await target.get(`/vapi/tasks/progress/${id}`);
      expect(answer.text).toContain('"progress":0.0,');
      expect(answer.text).toContain('"execution_time":0.0,');
    },
  },
  {
    section: "4.6",
    name: "shows all engine flags",
    run: async (target) => {
      const details = await target.details(await target.task());
      expect(details["extra_flags"]).toEqual({
        profiler_execution: false,
        unload_models: false,
        federated_task: false,
        save_metadata: false,
        smart_memory: true,
        cache_type: "classic",
        cache_size: 1,
        vae_cpu: false,
        reserve_vram: 0.6,
      });
    },
  },
  {
    section: "4.6",
    name: "shows the same created_at for every task",
    run: async (target) => {
      const first = await target.details(await target.task());
      const second = await target.details(await target.task());
      expect(first["created_at"]).toMatch(NAIVE_DATE);
      expect(second["created_at"]).toBe(first["created_at"]);
    },
  },
  {
    section: "4.6",
    name: "writes dates without an offset",
    run: async (target) => {
      const details = await target.details(await target.worker().finished());
      expect(details["updated_at"]).toMatch(NAIVE_DATE);
      expect(details["finished_at"]).toMatch(NAIVE_DATE);
      const age = Date.now() - Date.parse(`${String(details["finished_at"])}Z`);
      expect(Math.abs(age)).toBeLessThan(60_000);
    },
  },
  {
    section: "4.6",
    name: "shows the workflow with its output node",
    run: async (target) => {
      const { flow_comfy } = await target.details(await target.task());
      expect(flow_comfy).toHaveProperty(String(NODE));
    },
  },
];

const reading: readonly Case[] = [
  {
    section: "4.5",
    name: "does not find an unknown task",
    run: (target) =>
      detail(
        target,
        "GET",
        "/vapi/tasks/progress/999999999",
        404,
        "Task `999999999` was not found.",
      ),
  },
  {
    section: "4.5",
    name: "wants an integer for a task id",
    run: async (target) => {
      const answer = await target.get("/vapi/tasks/progress/abc");
      expect(answer.status).toBe(422);
      const { detail } = answer.json() as { detail: { loc: string[]; input: string }[] };
      expect(detail[0]).toMatchObject({
        loc: ["path", "task_id"],
        input: "abc",
        type: "int_parsing",
      });
    },
  },
  {
    section: "4.5",
    name: "breaks over an id that the database cannot hold",
    run: async (target) => {
      expect((await target.get("/vapi/tasks/progress/9223372036854775808")).status).toBe(500);
    },
  },
  {
    section: "4.5",
    name: "shows a task to its owner only, not to an admin",
    setup: "secured",
    run: async (target) => {
      const id = await target.task([], FLOW, target.stranger);
      expect((await target.get(`/vapi/tasks/progress/${id}`)).status).toBe(404);
      expect((await target.as(target.stranger, "GET", `/vapi/tasks/progress/${id}`)).status).toBe(
        200,
      );
    },
  },
  ...["progress", "progress-summary"].flatMap((list): Case[] => {
    const ids = async (target: Target, query: string): Promise<string[]> =>
      Object.keys((await target.get(`/vapi/tasks/${list}?${query}`)).json() as Json);
    return [
      {
        section: "4.5",
        name: `${list} shows group 1 unless asked`,
        run: async (target) => {
          const one = String(await target.task());
          const two = String(await target.task([["group_scope", "2"]]));
          expect(await ids(target, "")).toContain(one);
          expect(await ids(target, "")).not.toContain(two);
          expect(await ids(target, "group_scope=2")).toContain(two);
        },
      },
      {
        section: "4.5",
        name: `${list} shows all groups for group_scope=0`,
        run: async (target) => {
          const one = String(await target.task());
          const two = String(await target.task([["group_scope", "2"]]));
          expect(await ids(target, "group_scope=0")).toEqual(expect.arrayContaining([one, two]));
        },
      },
      {
        section: "4.5",
        name: `${list} filters by exact flow name`,
        run: async (target) => {
          const id = String(await target.task([["group_scope", "30"]]));
          expect(await ids(target, `group_scope=30&name=${FLOW}`)).toContain(id);
          expect(await ids(target, `group_scope=30&name=${FLOW.toUpperCase()}`)).toEqual([]);
          expect(await ids(target, `group_scope=30&name=${FILE_FLOW}`)).toEqual([]);
        },
      },
      {
        section: "4.5",
        name: `${list} keeps finished and failed tasks`,
        run: async (target) => {
          const done = String(await target.worker().finished());
          const failed = String(await target.worker().failed());
          expect(await ids(target, "")).toEqual(expect.arrayContaining([done, failed]));
        },
      },
      {
        section: "4.5",
        name: `${list} shows only own tasks, to admins too`,
        setup: "secured",
        run: async (target) => {
          const theirs = String(await target.task([], FLOW, target.stranger));
          expect(await ids(target, "group_scope=0")).not.toContain(theirs);
        },
      },
      {
        section: "4.5",
        name: `${list} shows a child both by itself and in its parent`,
        run: async (target) => {
          const parent = await target.worker().finished(undefined, [["group_scope", "31"]]);
          const child = await makeChild(target, parent, "31");
          const all = (await target.get(`/vapi/tasks/${list}?group_scope=31`)).json() as Record<
            string,
            Json
          >;
          expect(Object.keys(all)).toEqual(expect.arrayContaining([String(parent), String(child)]));
          expect((all[String(parent)]?.["child_tasks"] as Json[])[0]?.["task_id"]).toBe(child);
          const parents = await ids(target, "group_scope=31&only_parent=true");
          expect(parents).toContain(String(parent));
          expect(parents).not.toContain(String(child));
        },
      },
      {
        section: "4.5",
        name: `${list} refuses a group that is no integer`,
        run: async (target) => {
          expect((await target.get(`/vapi/tasks/${list}?group_scope=x`)).status).toBe(422);
        },
      },
    ];
  }),
  {
    section: "3.5",
    name: "shows webhook_headers by id and in the full list, not in the summary",
    run: async (target) => {
      const fields = [
        ["group_scope", "33"],
        ["webhook_headers", '{"a":"b"}'],
      ] as const;
      const id = String(await target.task(fields));
      const full = (await target.get("/vapi/tasks/progress?group_scope=33")).json() as Record<
        string,
        Json
      >;
      const short = (
        await target.get("/vapi/tasks/progress-summary?group_scope=33")
      ).json() as Record<string, Json>;
      expect(full[id]?.["webhook_headers"]).toEqual({ a: "b" });
      expect(short[id]).not.toHaveProperty("webhook_headers");
    },
  },
];

async function makeChild(target: Target, parent: number, group = "1"): Promise<number> {
  const { tasks_ids } = await target.created(FILE_FLOW, [
    ["input_image", JSON.stringify({ task_id: parent, node_id: NODE })],
    ["child_task", "1"],
    ["group_scope", group],
  ]);
  return tasks_ids[0] ?? 0;
}

async function gone(target: Target, id: number): Promise<boolean> {
  return (await target.get(`/vapi/tasks/progress/${id}`)).status === 404;
}

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
      // The worker is not told, and its reports are still taken.
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

const ends: readonly Case[] = [
  {
    section: "4.4",
    name: "cancels a queued task",
    run: async (target) => {
      const id = await target.task();
      const answer = await target.send("DELETE", `/vapi/tasks/queue/${id}`);
      expect(answer.status).toBe(204);
      expect(answer.bytes).toHaveLength(0);
      expect(await gone(target, id)).toBe(true);
    },
  },
  {
    section: "4.4",
    name: "cancels a failed task",
    run: async (target) => {
      const id = await target.worker().failed();
      expect((await target.send("DELETE", `/vapi/tasks/queue/${id}`)).status).toBe(204);
      expect(await gone(target, id)).toBe(true);
    },
  },
  {
    section: "4.4",
    name: "tells the worker of a cancelled task by 404",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 10);
      await target.send("DELETE", `/vapi/tasks/queue/${id}`);
      const report = await worker.report(id, 20);
      expect(report.status).toBe(404);
      expect(report.json()).toEqual({ detail: `Task \`${id}\` was not found.` });
    },
  },
  {
    section: "4.4",
    name: "answers 204 to cancelling a finished task, which stays",
    run: async (target) => {
      const id = await target.worker().finished();
      expect((await target.send("DELETE", `/vapi/tasks/queue/${id}`)).status).toBe(204);
      expect(await gone(target, id)).toBe(false);
    },
  },
  {
    section: "4.4",
    name: "does not cancel what is not there",
    run: (target) =>
      detail(
        target,
        "DELETE",
        "/vapi/tasks/queue/999999999",
        404,
        "Task `999999999` was not found.",
      ),
  },
  {
    section: "4.4",
    name: "lets only the owner cancel",
    setup: "secured",
    run: async (target) => {
      const id = await target.task([], FLOW, target.stranger);
      expect((await target.send("DELETE", `/vapi/tasks/queue/${id}`)).status).toBe(404);
    },
  },
  {
    section: "4.4",
    name: "leaves the child of a deleted parent out of only_parent, and deletes it with its parent",
    run: async (target) => {
      const parent = await target.worker().finished();
      const child = await makeChild(target, parent);
      expect((await target.send("DELETE", `/vapi/tasks/task?task_id=${parent}`)).status).toBe(204);
      expect(await gone(target, child)).toBe(true);
    },
  },
  {
    section: "4.4",
    name: "leaves the children of a cancelled task as orphans",
    run: async (target) => {
      const worker = target.worker();
      const parent = await worker.finished();
      const child = await makeChild(target, parent, "40");
      // A finished parent cannot be cancelled: the worker takes its progress back.
      await worker.report(parent, 50);
      expect((await target.send("DELETE", `/vapi/tasks/queue/${parent}`)).status).toBe(204);
      expect(await target.details(child)).toMatchObject({ parent_task_id: parent });
      const parents = await target.get(
        "/vapi/tasks/progress-summary?group_scope=40&only_parent=true",
      );
      expect(parents.json()).toEqual({});
    },
  },
  ...rows(
    [
      ["queued", (target: Target) => target.task()],
      ["failed", (target: Target) => target.worker().failed()],
      ["finished", (target: Target) => target.worker().finished()],
    ] as const,
    (state, make) => ({
      section: "4.4",
      name: `deletes a ${state} task`,
      run: async (target) => {
        const id = await make(target);
        expect((await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`)).status).toBe(204);
        expect(await gone(target, id)).toBe(true);
        const again = await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`);
        expect(again.status).toBe(404);
      },
    }),
  ),
  {
    section: "4.5",
    name: "lets an admin delete the task of another user",
    setup: "secured",
    run: async (target) => {
      const id = await target.task([], FLOW, target.stranger);
      expect((await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`)).status).toBe(204);
    },
  },
  {
    section: "4.5",
    name: "lets no other user delete a task",
    setup: "secured",
    run: async (target) => {
      const id = await target.task();
      const answer = await target.as(target.stranger, "DELETE", `/vapi/tasks/task?task_id=${id}`);
      expect(answer.status).toBe(404);
    },
  },
  {
    section: "4.4",
    name: "cancels the unfinished tasks of a flow and group",
    run: async (target) => {
      const worker = target.worker();
      const done = await worker.finished(undefined, [["group_scope", "41"]]);
      const queued = await target.task([["group_scope", "41"]]);
      const elsewhere = await target.task([["group_scope", "42"]]);
      expect(
        (await target.send("DELETE", `/vapi/tasks/queue?name=${FLOW}&group_scope=41`)).status,
      ).toBe(204);
      expect(await gone(target, queued)).toBe(true);
      expect(await gone(target, done)).toBe(false);
      expect(await gone(target, elsewhere)).toBe(false);
    },
  },
  {
    section: "4.4",
    name: "clears the finished tasks of a flow and group, children in any state with them",
    run: async (target) => {
      const worker = target.worker();
      const done = await worker.finished(undefined, [["group_scope", "43"]]);
      const child = await makeChild(target, done, "43");
      const queued = await target.task([["group_scope", "43"]]);
      expect(
        (await target.send("DELETE", `/vapi/tasks/clear?name=${FLOW}&group_scope=43`)).status,
      ).toBe(204);
      expect(await gone(target, done)).toBe(true);
      expect(await gone(target, child)).toBe(true);
      expect(await gone(target, queued)).toBe(false);
    },
  },
  {
    section: "4.1",
    name: "takes a progress of 150 as it is, and clears no such task",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take([["group_scope", "44"]]);
      expect((await worker.report(id, 150)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 150 });
      await target.send("DELETE", `/vapi/tasks/clear?name=${FLOW}&group_scope=44`);
      expect(await gone(target, id)).toBe(false);
      await detail(
        target,
        "POST",
        `/vapi/tasks/restart?task_id=${id}`,
        400,
        `Task \`${id}\` has no error set.`,
      );
      expect((await target.send("DELETE", `/vapi/tasks/queue/${id}`)).status).toBe(204);
      expect(await gone(target, id)).toBe(true);
    },
  },
  {
    section: "4.1",
    name: "takes a progress below zero and a fall from 100",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.finished();
      await worker.report(id, -5);
      expect(await target.details(id)).toMatchObject({ progress: -5 });
    },
  },
  ...["queue", "clear"].map((path): Case => ({
    section: "4.4",
    name: `wants a name for ${path}`,
    run: async (target) => {
      const answer = await target.send("DELETE", `/vapi/tasks/${path}`);
      expect(answer.status).toBe(422);
      const { detail } = answer.json() as { detail: Json[] };
      expect(detail[0]).toMatchObject({
        type: "missing",
        loc: ["query", "name"],
        msg: "Field required",
      });
    },
  })),
];

const workers: readonly Case[] = [
  {
    section: "7",
    name: "hands out a task with all that a worker needs, and locks it",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.task([["seed", "7"]]);
      const task = (await worker.next()).json() as Json;
      expect(Object.keys(task)).toEqual([
        "task_id",
        "progress",
        "error",
        "name",
        "input_params",
        "outputs",
        "input_files",
        "flow_comfy",
        "user_id",
        "execution_time",
        "webhook_url",
        "webhook_headers",
        "extra_flags",
        "translated_input_params",
      ]);
      expect(task).toMatchObject({ task_id: id, name: FLOW, progress: 0 });
      expect(Object.keys(task["extra_flags"] as Json).sort()).toEqual([
        "cache_size",
        "cache_type",
        "reserve_vram",
        "save_metadata",
        "smart_memory",
        "vae_cpu",
      ]);
      const details = await target.details(id);
      expect(details["locked_at"]).toMatch(NAIVE_DATE);
      expect(details["worker_id"]).toBeNull();
    },
  },
  {
    section: "7",
    name: "knows a worker by its user, host and device",
    run: async (target) => {
      const worker = target.worker();
      await worker.ask();
      const path = `/vapi/workers/info?worker_id=${encodeURIComponent(worker.id)}`;
      const [info] = (await target.get(path)).json() as Json[];
      expect(info).toMatchObject({
        worker_id: worker.id,
        empty_task_requests_count: 1,
        device_name: "fake gpu",
      });
      expect(info?.["last_seen"]).toMatch(NAIVE_DATE);
    },
  },
  {
    section: "7",
    name: "notes who reported",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 41.25);
      expect(await target.details(id)).toMatchObject({
        progress: 41.25,
        worker_id: worker.id,
        execution_time: 1.5,
      });
    },
  },
  {
    section: "7",
    name: "has nothing for a worker without a device, and refuses its reports",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.task();
      const worker_details = { ...worker.details, devices: [] };
      const next = await target.json("POST", "/vapi/tasks/next", {
        worker_details,
        tasks_names: [FLOW],
      });
      expect(next.status).toBe(204);
      const report = { worker_details, task_id: id, progress: 1, execution_time: 0, error: "" };
      const answer = await target.json("PUT", "/vapi/tasks/progress", report);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ detail: "Failed to update task progress." });
    },
  },
  {
    section: "7",
    name: "counts the files and bytes of each output",
    run: async (target) => {
      const id = await target.worker().finished((task) => [
        [`${task}_${NODE}_00001_.png`, "12345"],
        [`${task}_${NODE}_00002_.png`, "1234567"],
      ]);
      const details = await target.details(id);
      expect(details["outputs"]).toEqual([
        { comfy_node_id: NODE, type: "image", file_size: 12, batch_size: 2 },
      ]);
    },
  },
  {
    section: "7",
    name: "refuses results without a file for the output",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      const answer = await worker.upload(id, [[`${id}_77_00001_.png`, "x"]]);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ detail: `No results found for: ${id}_${NODE}_` });
    },
  },
  {
    section: "7",
    name: "refuses results without any file",
    run: async (target) => {
      const id = await target.task();
      expect((await target.worker().upload(id, [])).status).toBe(422);
    },
  },
  {
    section: "7",
    name: "takes back a lock, also one that is not there",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.task();
      expect((await worker.unlock(id)).status).toBe(204);
      await worker.next();
      expect((await worker.unlock(id)).status).toBe(204);
      expect((await target.details(id))["locked_at"]).toBeNull();
      expect((await worker.unlock(999_999_999)).status).toBe(404);
    },
  },
  {
    section: "7",
    name: "keeps execution details of the last report only, with the engine's settings",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      const execution_details = { max_memory_usage: 5 };
      await worker.report(id, 99, "", { execution_details });
      expect((await target.details(id))["execution_details"]).toBeNull();
      await worker.report(id, 100, "", { execution_details });
      expect((await target.details(id))["execution_details"]).toMatchObject({
        max_memory_usage: 5,
        cache_size: 1,
      });
    },
  },
  {
    section: "7",
    name: "gives a worker who is no admin only the own tasks",
    setup: "secured",
    run: async (target) => {
      await target.task();
      const own = await target.task([["priority", "0"]], FLOW, target.stranger);
      const answer = await target.as(target.stranger, "POST", "/vapi/tasks/next", {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ worker_details: target.worker().details, tasks_names: [FLOW] }),
      });
      const task = answer.json() as Json;
      expect(task["user_id"]).toBe(target.stranger.username);
      expect(task["task_id"]).toBeLessThanOrEqual(own);
    },
  },
  {
    section: "7",
    name: "restricts a worker to what its settings allow",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain();
      await worker.task();
      await worker.next([]);
      const set = (tasks_to_give: string[]): Promise<{ status: number }> =>
        target.json("POST", "/vapi/workers/settings", { worker_id: worker.id, tasks_to_give });
      expect((await set([FILE_FLOW])).status).toBe(204);
      expect((await worker.next()).status).toBe(204);
      expect((await set([])).status).toBe(204);
      expect((await worker.next()).status).toBe(200);
    },
  },
  {
    section: "9",
    name: "does not change or remove a worker that is not there",
    run: async (target) => {
      const set = await target.json("POST", "/vapi/workers/settings", { worker_id: "none" });
      expect(set.status).toBe(404);
      expect(set.json()).toEqual({ detail: "Can't find `none` worker." });
      await detail(
        target,
        "DELETE",
        "/vapi/workers?worker_id=none",
        404,
        "No workers matched the criteria.",
      );
    },
  },
];

interface Call {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Runs `work` with the address of a receiver that keeps the calls it gets; resolves when `count` have come. */
async function receive(count: number, work: (url: string) => Promise<void>): Promise<Call[]> {
  const calls: Call[] = [];
  let arrived: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (arrived = resolve));
  const server = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    req.on("end", () => {
      res.end();
      calls.push({ method: req.method, url: req.url, headers: req.headers, body });
      if (calls.length === count) arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    if (count > 0) await all;
    return calls;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function reportOnce(
  target: Target,
  fields: readonly (readonly [string, string])[],
): Promise<number> {
  const worker = target.worker();
  const id = await worker.take(fields);
  expect((await worker.report(id, 10)).status).toBe(204);
  return id;
}

const webhooks: readonly Case[] = [
  ...rows(
    [
      ["", "/task-progress"],
      ["/", "/task-progress"],
      ["/hook", "/hook/task-progress"],
      ["/hook/", "/hook/task-progress"],
      ["/cb?token=1", "/cb?token=1/task-progress"],
    ] as const,
    (suffix, path) => ({
      section: "6",
      name: `calls ${path} for a URL that ends in ${JSON.stringify(suffix)}`,
      run: async (target) => {
        const [call] = await receive(1, async (url) => {
          await reportOnce(target, [["webhook_url", `${url}${suffix}`]]);
        });
        expect(call).toMatchObject({ method: "POST", url: path });
      },
    }),
  ),
  {
    section: "6",
    name: "sends progress as JSON with the task's own headers",
    run: async (target) => {
      let id = 0;
      const [call] = await receive(1, async (url) => {
        id = await reportOnce(target, [
          ["webhook_url", url],
          ["webhook_headers", '{"x-secret":"s3"}'],
        ]);
      });
      expect(call?.headers["content-type"]).toBe("application/json");
      expect(call?.headers["x-secret"]).toBe("s3");
      expect(call?.body).toBe(`{"task_id":${id},"progress":10.0,"execution_time":1.5,"error":""}`);
    },
  },
  {
    section: "6",
    name: "calls nobody when a header value is no text",
    run: async (target) => {
      const calls = await receive(1, async (url) => {
        await reportOnce(target, [
          ["webhook_url", url],
          ["webhook_headers", '{"x-number":5}'],
        ]);
        // A second task whose call does come says that the first one's would have been here by now.
        await reportOnce(target, [["webhook_url", `${url}/second`]]);
      });
      expect(calls.map(({ url }) => url)).toEqual(["/second/task-progress"]);
    },
  },
  {
    section: "6",
    name: "calls after the error and after the end, results being there by then",
    run: async (target) => {
      const worker = target.worker();
      const calls = await receive(2, async (url) => {
        const failed = await worker.task([["webhook_url", url]]);
        await worker.next();
        await worker.report(failed, 30, "bad");
        await worker.unlock(failed);
        await worker.finished(undefined, [["webhook_url", url]]);
      });
      const bodies = calls.map(({ body }) => JSON.parse(body) as Json);
      expect(bodies.map((one) => one["progress"]).sort()).toEqual([100, 30]);
      expect(bodies.map((one) => one["error"]).sort()).toEqual(["", "bad"]);
    },
  },
  {
    section: "6",
    name: "does not follow a receiver that fails, and goes on",
    run: async (target) => {
      const id = await reportOnce(target, [["webhook_url", "http://127.0.0.1:1/nobody"]]);
      expect(await target.details(id)).toMatchObject({ progress: 10, error: "" });
    },
  },
];

export const lifecycleCases: readonly Case[] = [
  ...shapes,
  ...reading,
  ...restarts,
  ...updates,
  ...queue,
  ...ends,
  ...workers,
  ...webhooks,
];

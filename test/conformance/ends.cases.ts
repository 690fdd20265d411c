/** Sections 4.1, 4.4 and 4.5: cancelling, deleting, clearing. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { detail, makeChild } from "./steps.js";
import { FLOW, type Json, type Target } from "./target.js";

async function gone(target: Target, id: number): Promise<boolean> {
  return (await target.get(`/vapi/tasks/progress/${id}`)).status === 404;
}

export const endsCases: readonly Case[] = [
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

/** Section 4.5: which users see which tasks. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { detail, makeChild } from "./steps.js";
import { FILE_FLOW, FLOW, type Json, type Target } from "./target.js";

export const readingCases: readonly Case[] = [
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

/** Sections 3.5 and 3.4: how a task's webhook, priority and group are stored; translation. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { breaks } from "./steps.js";
import { FILE_FLOW, FLOW, type Json, type Target } from "./target.js";
import { type FormFields } from "./wire.js";

const hooks: readonly Case[] = [
  ...rows(
    [
      ['{"x-client-ref":"abc"}', { "x-client-ref": "abc" }],
      ["{}", {}],
      ["null", null],
    ] as const,
    (text, stored) => ({
      section: "3.5",
      name: `stores webhook_headers ${text} also without a URL`,
      run: async (target) => {
        const details = await target.details(await target.task([["webhook_headers", text]]));
        expect(details["webhook_headers"]).toEqual(stored);
        expect(details["webhook_url"]).toBeNull();
      },
    }),
  ),
  {
    section: "3.5",
    name: "stores any webhook_url and takes an empty one for none",
    run: async (target) => {
      const given = await target.details(await target.task([["webhook_url", "not a url"]]));
      expect(given["webhook_url"]).toBe("not a url");
      const empty = await target.details(await target.task([["webhook_url", ""]]));
      expect(empty["webhook_url"]).toBeNull();
    },
  },
  ...["{", "x-a: b", "'a'"].map((value): Case => ({
    section: "3.5",
    name: `breaks over webhook_headers ${value} and creates nothing`,
    run: async (target) => {
      await breaks(target, FLOW, [
        ["prompt", "x"],
        ["group_scope", "77"],
        ["webhook_headers", value],
      ]);
      expect((await target.get("/vapi/tasks/progress-summary?group_scope=77")).json()).toEqual({});
    },
  })),
  ...["[]", '"x"', "5"].map((value): Case => ({
    section: "3.5",
    name: `is poisoned by webhook_headers ${value} until the task is deleted`,
    run: async (target) => {
      const group = 80 + value.length;
      const fields: FormFields = [
        ["group_scope", String(group)],
        ["webhook_headers", value],
      ];
      const id = await target.task(fields);
      const list = `/vapi/tasks/progress?group_scope=${group}`;
      expect((await target.get(`/vapi/tasks/progress/${id}`)).status).toBe(400);
      expect((await target.get(list)).status).toBe(500);
      expect((await target.get(`${list}&name=${FILE_FLOW}`)).status).toBe(200);
      expect((await target.get(`/vapi/tasks/progress-summary?group_scope=${group}`)).status).toBe(
        200,
      );
      expect((await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`)).status).toBe(204);
      expect((await target.get(list)).status).toBe(200);
    },
  })),
  {
    section: "3.5",
    name: "shows priority and group apart",
    run: async (target) => {
      const details = await target.details(
        await target.task([
          ["group_scope", "255"],
          ["priority", "15"],
        ]),
      );
      expect(details).toMatchObject({ group_scope: 255, priority: 15 });
    },
  },
];

async function statusOf(target: Target, fields: FormFields, flow = FLOW): Promise<number> {
  return (await target.create(flow, fields)).status;
}

const headerValues: readonly Case[] = [
  {
    section: "3.5",
    name: "takes NaN within webhook_headers",
    run: async (target) => {
      const id = await target.task([["webhook_headers", '{"a":NaN}']]);
      expect((await target.get(`/vapi/tasks/progress/${id}`)).status).toBe(200);
    },
  },
  {
    section: "3.5",
    name: "takes NaN for all of webhook_headers, and cannot show the task",
    run: async (target) => {
      const id = await target.task([["webhook_headers", "NaN"]]);
      expect((await target.get(`/vapi/tasks/progress/${id}`)).status).toBe(400);
      await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`);
    },
  },
  {
    section: "3.4",
    name: "does not know another translation provider, and reaches none that it knows",
    run: async (target) => {
      const set = (value: string): Promise<unknown> =>
        target.json("POST", "/vapi/settings/user", { key: "translations_provider", value });
      const form: FormFields = [
        ["prompt", "закат над озером"],
        ["translate", "1"],
      ];
      try {
        await set("babelfish");
        const unknown = await target.create(FLOW, form);
        expect(unknown.json()).toEqual({ detail: "Unknown translation provider: babelfish" });
        expect(unknown.status).toBe(501);
        await set("ollama");
        const failed = await target.create(FLOW, form);
        expect(failed.status).toBe(500);
        expect((failed.json() as Json)["detail"]).toMatch(
          /^Can't translate the prompt: provider=ollama, user_id=\w+, prompt=`закат над озером`: ./,
        );
      } finally {
        await set("");
      }
      expect(await statusOf(target, form)).toBe(200);
    },
  },
];

export const webhookFieldsCases: readonly Case[] = [...hooks, ...headerValues];

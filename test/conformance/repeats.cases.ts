/** Sections 11 and 12: what makes a lost create safe to repeat, and many creates at once. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { type Created, FILE_FLOW, FLOW, type Json, type Target } from "./target.js";
import { PICTURE } from "./steps.js";
import type { FormFields } from "./wire.js";

const MARKER = { "x-client-ref": "0d3c5f1e" };
const AT_ONCE = 60;

/** Creates in a group that no other case uses, and returns what a list shows of that group. */
async function listedAfter(
  target: Target,
  group: number,
  list: "progress" | "progress-summary",
  fields: FormFields,
): Promise<readonly [ids: readonly number[], entries: Record<string, Json>]> {
  const form: FormFields = [["prompt", "x"], ["group_scope", String(group)], ...fields];
  const { tasks_ids } = await target.created(FLOW, form);
  const answer = await target.get(`/vapi/tasks/${list}?name=${FLOW}&group_scope=${group}`);
  return [tasks_ids, answer.json() as Record<string, Json>];
}

export const repeatsCases: readonly Case[] = [
  {
    section: "11",
    name: "shows a marker in webhook_headers on every task of a call, by id and in the full list",
    run: async (target) => {
      const [ids, entries] = await listedAfter(target, 201, "progress", [
        ["count", "3"],
        ["webhook_headers", JSON.stringify(MARKER)],
      ]);
      for (const id of ids) {
        expect(entries[id]?.["webhook_headers"]).toEqual(MARKER);
        expect((await target.details(id))["webhook_headers"]).toEqual(MARKER);
      }
    },
  },
  {
    section: "11",
    name: "shows the seeds of a call in the summary, in the order of its ids",
    run: async (target) => {
      const [ids, entries] = await listedAfter(target, 202, "progress-summary", [
        ["count", "3"],
        ["seed", "700"],
      ]);
      expect(ids.map((id) => (entries[id]?.["input_params"] as Json)["seed"])).toEqual([
        700, 701, 702,
      ]);
    },
  },
  {
    section: "11",
    name: "takes the same create twice, whatever key says that it is the same",
    run: async (target) => {
      const create = async (): Promise<number> => {
        const fields: FormFields = [
          ["prompt", "x"],
          ["seed", "5"],
          ["idempotency_key", "one"],
        ];
        const answer = await target.create(FLOW, fields, target.admin, {
          "idempotency-key": "one",
          "x-worker-id": "nobody",
        });
        return (answer.json() as Created).tasks_ids[0] ?? 0;
      };
      const first = await create();
      const second = await create();
      expect(second).toBeGreaterThan(first);
      expect((await target.details(second))["input_params"]).toEqual(
        (await target.details(first))["input_params"],
      );
    },
  },
  {
    section: "11",
    name: "keeps no more of an upload's file name than its extension",
    run: async (target) => {
      const { tasks_ids } = await target.created(FILE_FLOW, [
        ["input_image", { ...PICTURE, filename: "marker-0d3c5f1e.png" }],
      ]);
      const [id = 0] = tasks_ids;
      expect(JSON.stringify(await target.details(id))).not.toContain("0d3c5f1e");
    },
  },
  {
    section: "12",
    name: `takes ${AT_ONCE} creates at once, with an id for each`,
    run: async (target) => {
      const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => target.task()));
      expect(new Set(ids).size).toBe(AT_ONCE);
    },
  },
  {
    section: "12",
    name: "lists all tasks of a group, however many, and none of their workflows in the summary",
    run: async (target) => {
      const [ids, entries] = await listedAfter(target, 203, "progress-summary", [["count", "150"]]);
      expect(Object.keys(entries).map(Number)).toEqual(ids);
      expect(Object.values(entries).some((one) => "flow_comfy" in one)).toBe(false);
    },
  },
];

/** Section 3.5: tasks that are made children of others. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { breaks, PICTURE, reference, refuses } from "./steps.js";
import { FILE_FLOW, FILE_NODE, FLOW, type Json, NODE } from "./target.js";
import { type FormFields } from "./wire.js";

const children: readonly Case[] = [
  {
    section: "3.5",
    name: "makes a child of the task that the first file is from",
    run: async (target) => {
      const parent = await target.worker().finished();
      const fields: FormFields = [
        ...reference({ task_id: parent, node_id: NODE }),
        ["child_task", "1"],
      ];
      const { tasks_ids } = await target.created(FILE_FLOW, fields);
      const [id = 0] = tasks_ids;
      expect(await target.details(id)).toMatchObject({
        parent_task_id: parent,
        parent_task_node_id: NODE,
        group_scope: 1,
      });
      const children = (await target.details(parent))["child_tasks"] as Json[];
      expect(children.map((one) => one["task_id"])).toEqual([id]);
    },
  },
  {
    section: "3.5",
    name: "refuses a child without a file",
    run: (target) =>
      refuses(
        target,
        FLOW,
        [
          ["prompt", "x"],
          ["child_task", "1"],
        ],
        400,
        "No input file provided. Use the parent task's node ID.",
      ),
  },
  {
    section: "3.5",
    name: "refuses a child of an upload",
    run: (target) =>
      refuses(
        target,
        FILE_FLOW,
        [
          ["input_image", PICTURE],
          ["child_task", "1"],
        ],
        400,
        "Invalid input file. Use the parent task's node ID.",
      ),
  },
  {
    section: "3.5",
    name: "breaks over a child of an input file",
    run: async (target) => {
      const first = await target.created(FILE_FLOW, [["input_image", PICTURE]]);
      const fields = reference({ task_id: first.tasks_ids[0], input_index: 0 });
      await breaks(target, FILE_FLOW, [...fields, ["child_task", "1"]]);
    },
  },
];

const groupsOfChildren: readonly Case[] = [
  {
    section: "3.5",
    name: "lets a child keep its own group",
    run: async (target) => {
      const parent = await target.worker().finished(undefined, [["group_scope", "65"]]);
      const reference = JSON.stringify({ task_id: parent, node_id: NODE });
      const { tasks_ids } = await target.created(FILE_FLOW, [
        ["input_image", reference],
        ["child_task", "1"],
      ]);
      const child = await target.details(tasks_ids[0] ?? 0);
      expect(child).toMatchObject({ group_scope: 1, parent_task_id: parent });
      expect(child["outputs"]).toMatchObject([{ comfy_node_id: FILE_NODE }]);
      const list = await target.get("/vapi/tasks/progress-summary?group_scope=65");
      const [entry] = Object.values(list.json() as Record<string, { child_tasks: Json[] }>);
      expect(entry?.child_tasks).toMatchObject([{ task_id: child["task_id"] }]);
    },
  },
];

export const childrenCases: readonly Case[] = [...children, ...groupsOfChildren];

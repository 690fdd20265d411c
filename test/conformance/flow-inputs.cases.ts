/** Section 3.3: checks of a flow's own parameters. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { breaks, PICTURE, refuses } from "./steps.js";
import { FILE_FLOW, FLOW, type Json } from "./target.js";
import { type FormFields } from "./wire.js";

const BOOL_FLOW = "juggernaut_xl";

/** Takes a face, and optionally a pose. */
const OPTIONAL_FILE_FLOW = "vintage_portrait";

const FLOAT_FLOW = "juggernaut_xl";

export const inputsCases: readonly Case[] = [
  {
    section: "3.3",
    name: "accepts a task without its required text",
    run: async (target) => {
      const { tasks_ids } = await target.created(FLOW, [["steps_number", "8 steps"]]);
      expect((await target.details(tasks_ids[0] ?? 0))["input_params"]).toEqual({
        steps_number: "8 steps",
      });
    },
  },
  {
    section: "3.3",
    name: "takes the node of an optional file that is left out from the workflow, and of none that is given",
    run: async (target) => {
      const flows = (await target.get("/vapi/flows/installed")).json() as {
        name: string;
        input_params: { name: string; comfy_node_id: Json }[];
      }[];
      const flow = flows.find(({ name }) => name === OPTIONAL_FILE_FLOW);
      const node = (name: string): string =>
        Object.keys(flow?.input_params.find((one) => one.name === name)?.comfy_node_id ?? {})[0] ??
        "";
      const { tasks_ids } = await target.created(OPTIONAL_FILE_FLOW, [["person_face", PICTURE]]);
      const { flow_comfy } = await target.details(tasks_ids[0] ?? 0);
      expect(flow_comfy).toHaveProperty([node("person_face")]);
      expect(flow_comfy).not.toHaveProperty([node("person_pose")]);
    },
  },
  {
    section: "3.3",
    name: "refuses a task without its required file",
    run: (target) =>
      refuses(
        target,
        FILE_FLOW,
        [["x", "y"]],
        400,
        "The parameter 'input_image' is required, but missing.",
      ),
  },
  ...["", "ä ö ü 漢字 🎨", "line\r\nbreak", 'quote " and \\'].map((value): Case => ({
    section: "3.3",
    name: `keeps the text ${JSON.stringify(value)} as it is`,
    run: async (target) => {
      const id = await target.task([["prompt", value]]);
      const answer = await target.get(`/vapi/tasks/progress/${id}`);
      expect((answer.json() as Json)["input_params"]).toEqual({ prompt: value });
      if (value.includes("漢")) expect(answer.text).toContain("漢字");
    },
  })),
  {
    section: "3.3",
    name: "records numbers, choices and booleans as the texts that were sent",
    run: async (target) => {
      const fields: FormFields = [
        ["steps_count", "40"],
        ["fast_run", " TRUE "],
        ["aspect_ratio", "16:9 (1344x768)"],
      ];
      const id = await target.task(fields, BOOL_FLOW);
      expect((await target.details(id))["input_params"]).toEqual({
        prompt: "x",
        ...Object.fromEntries(fields),
      });
    },
  },
  ...["7 steps", "", "8 STEPS", "8 steps ", "8"].map((value): Case => ({
    section: "3.3",
    name: `breaks over the choice ${JSON.stringify(value)}`,
    run: (target) =>
      breaks(target, FLOW, [
        ["prompt", "x"],
        ["steps_number", value],
      ]),
  })),
  ...["true", "1", "yes", "y", "on", "false", "0", "no", "n", "off", "TRUE", " On "].map(
    (value): Case => ({
      section: "3.3",
      name: `takes ${JSON.stringify(value)} for a boolean`,
      run: async (target) => {
        const answer = await target.create(BOOL_FLOW, [
          ["prompt", "x"],
          ["fast_run", value],
        ]);
        expect(answer.status).toBe(200);
      },
    }),
  ),
  ...["", "maybe", "2", "t", "None"].map((value): Case => ({
    section: "3.3",
    name: `breaks over the boolean ${JSON.stringify(value)}`,
    run: (target) =>
      breaks(target, BOOL_FLOW, [
        ["prompt", "x"],
        ["fast_run", value],
      ]),
  })),
  {
    section: "3.3",
    name: "breaks over a file for a text",
    run: (target) => breaks(target, FLOW, [["prompt", PICTURE]]),
  },
  ...rows(
    [
      ["prompt_strength", "much", 400],
      ["prompt_strength", "", 400],
      ["steps_count", "40.0", 400],
      ["steps_count", "forty", 400],
      ["steps_count", "9999", 200],
      ["prompt_strength", "-100", 200],
      ["prompt_strength", "1e1", 200],
      ["prompt_strength", "4.55555", 200],
    ] as const,
    (name, value, status) => ({
      section: "3.3",
      name: `${status === 200 ? "takes" : "refuses"} ${name}=${JSON.stringify(value)}`,
      standinOnly: "the answer is the engine's, and depends on its version",
      run: async (target) => {
        const answer = await target.create(FLOAT_FLOW, [
          ["prompt", "x"],
          [name, value],
        ]);
        expect(answer.status).toBe(status);
        if (status === 400) {
          const { detail } = answer.json() as { detail: string };
          expect(detail).toMatch(
            /^Bad Flow: `\{'type': 'prompt_outputs_failed_validation', .*\}`$/,
          );
        }
      },
    }),
  ),
  {
    section: "3.3",
    name: "refuses an optional file given as an empty text",
    run: (target) =>
      refuses(
        target,
        "sketch_portrait",
        [
          ["person_face", PICTURE],
          ["person_pose", ""],
        ],
        400,
        "Invalid file input:",
      ),
  },
];

/** Sections 3.2 to 3.6: values that look wrong but are right, and the other way round. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FLOW, type Json, type Target } from "./target.js";
import type { FormFields, Upload } from "./wire.js";

const PHOTO: Upload = { filename: "photo.png", bytes: "pretend picture", type: "image/png" };
const FLOAT_FLOW = "animagine_xl";
const MAPPED_FLOW = "supir_upscaler";

async function statusOf(target: Target, fields: FormFields, flow = FLOW): Promise<number> {
  return (await target.create(flow, fields)).status;
}

const BAD_FLOW =
  "Bad Flow: `{'type': 'prompt_outputs_failed_validation', " +
  "'message': 'Prompt outputs failed validation', 'details': '', 'extra_info': {}}`";

const numbers: readonly Case[] = [
  ...rows(
    [
      [" 1 ", 200],
      ["+1", 200],
      ["1_0", 200],
      ["1e0", 422],
      ["0x1", 422],
      ["1.", 422],
    ] as const,
    (value, status) => ({
      section: "3.2",
      name: `answers ${status} to the standard number ${JSON.stringify(value)}`,
      run: async (target) => {
        expect(await statusOf(target, [["priority", value]])).toBe(status);
      },
    }),
  ),
  ...["3.0", "abc", "", "1e3", "nan"].map((value): Case => ({
    section: "3.3",
    name: `refuses ${JSON.stringify(value)} for an integer, without saying what is wrong`,
    run: async (target) => {
      const answer = await target.create(FLOW, [["batch_size", value]]);
      expect(answer.json()).toEqual({ detail: BAD_FLOW });
      expect(answer.status).toBe(400);
    },
  })),
  ...[" 5 ", "1_000", "-5", "100000000000000000000000"].map((value): Case => ({
    section: "3.3",
    name: `takes ${JSON.stringify(value)} for an integer`,
    run: async (target) => {
      const id = await target.task([["batch_size", value]]);
      expect(((await target.details(id))["input_params"] as Json)["batch_size"]).toBe(value);
    },
  })),
  ...["nan", "inf", "1e1", "1_0.5"].map((value): Case => ({
    section: "3.3",
    name: `takes ${value} for a float`,
    run: async (target) => {
      expect(await statusOf(target, [["prompt_strength", value]], FLOAT_FLOW)).toBe(200);
    },
  })),
  ...["ace_step", "stable_audio_open"].map((flow): Case => ({
    section: "13",
    name: `takes 45.0 for the length of ${flow}, whose step is 1`,
    run: async (target) => {
      expect(await statusOf(target, [["length", "45.0"]], flow)).toBe(200);
    },
  })),
  ...["-1", "18446744073709551616"].map((seed): Case => ({
    section: "3.4",
    name: `refuses the seed ${seed}, without which nothing is left to make`,
    run: async (target) => {
      const answer = await target.create(FLOW, [["seed", seed]]);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain("Bad Flow");
    },
  })),
];

const choices: readonly Case[] = [
  {
    section: "3.3",
    name: "takes the key of a choice and puts its value into the workflow",
    run: async (target) => {
      const { tasks_ids } = await target.created(MAPPED_FLOW, [
        ["image_to_upscale", PHOTO],
        ["in_param_125", "Sharp"],
      ]);
      const details = await target.details(tasks_ids[0] ?? 0);
      expect(details["input_params"]).toEqual({ in_param_125: "Sharp" });
      const nodes = details["flow_comfy"] as Record<string, { inputs: Json }>;
      expect(Object.values(nodes["125"]?.inputs ?? {})).toContain("TiledRestoreDPMPP2MSampler");
    },
  },
  {
    section: "3.3",
    name: "breaks over the value that a choice stands for",
    run: async (target) => {
      const answer = await target.create(MAPPED_FLOW, [
        ["image_to_upscale", PHOTO],
        ["in_param_125", "TiledRestoreDPMPP2MSampler"],
      ]);
      expect(answer.status).toBe(500);
      expect(answer.text).toBe("Internal Server Error");
    },
  },
  {
    section: "13",
    name: "hides the tasks of a hidden flow",
    run: async (target) => {
      const { tasks_ids } = await target.created("ask_ai_internal", [["prompt", "x"]]);
      expect((await target.details(tasks_ids[0] ?? 0))["hidden"]).toBe(true);
    },
  },
];

const outputs: readonly Case[] = [
  {
    section: "3.4",
    name: "makes the outputs that can do without a seed out of range",
    setup: "private",
    standinOnly: "needs a flow of which one output does without its seed",
    run: async (target) => {
      const { outputs: made } = await target.created("two_outputs", [
        ["seed", "18446744073709551615"],
        ["count", "2"],
      ]);
      expect(made.map((one) => one.comfy_node_id)).toEqual([5, 6]);
      const second = await target.created("two_outputs", [["seed", "18446744073709551616"]]);
      expect(second.outputs.map((one) => one.comfy_node_id)).toEqual([6]);
    },
  },
  {
    section: "3.8",
    name: "gives later tasks of a call fewer outputs than it tells",
    setup: "private",
    standinOnly: "needs a flow of which one output does without its seed",
    run: async (target) => {
      const { tasks_ids } = await target.created("two_outputs", [
        ["seed", "18446744073709551615"],
        ["count", "2"],
      ]);
      const counts = await Promise.all(
        tasks_ids.map(async (id) => ((await target.details(id))["outputs"] as unknown[]).length),
      );
      expect(counts).toEqual([2, 1]);
    },
  },
  {
    section: "3.3",
    name: "refuses a form that leaves no output",
    setup: "private",
    standinOnly: "needs a flow whose only output depends on an optional file",
    run: async (target) => {
      const answer = await target.create("needs_photo", [["prompt", "x"]]);
      expect(answer.json()).toEqual({
        detail:
          "Bad Flow: `{'type': 'prompt_no_outputs', 'message': 'Prompt has no outputs', " +
          "'details': '', 'extra_info': {}}`",
      });
      expect(answer.status).toBe(400);
      await target.created("needs_photo", [["photo", PHOTO]]);
    },
  },
  {
    section: "2.1",
    name: "describes a file with a default as not required, and asks for it all the same",
    setup: "private",
    standinOnly: "needs a private flow with a sample file",
    run: async (target) => {
      const answer = await target.get("/openapi/flows.json?flows=sample_file");
      const { components } = answer.json() as { components: { schemas: Record<string, Json> } };
      const schema = components.schemas["TaskRun_sample_file"];
      expect((schema?.["properties"] as Record<string, Json>)["photo"]?.["default"]).toBe("x.png");
      expect(schema).not.toHaveProperty("required");
      expect(await statusOf(target, [], "sample_file")).toBe(400);
    },
  },
];
export const valueCases: readonly Case[] = [...numbers, ...choices, ...outputs];

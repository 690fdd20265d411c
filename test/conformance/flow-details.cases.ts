/** Section 8: flows by their names. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { installed, missesFile, status } from "./steps.js";
import { FILE_FLOW, FLOW, type Json, NODE } from "./target.js";

const FLOW_KEYS = [
  "name",
  "display_name",
  "description",
  "tags",
  "sub_flows",
  "models",
  "input_params",
  "version",
  "hidden",
  "is_seed_supported",
  "is_count_supported",
  "is_translations_supported",
  "required_memory_gb",
  "is_surprise_me_supported",
];

export const flowDetailsCases: readonly Case[] = [
  {
    section: "8.2",
    name: "lists a flow with what a client needs",
    run: async (target) => {
      const flow = await installed(target, FLOW);
      for (const key of FLOW_KEYS) expect(flow).toHaveProperty(key);
      expect(flow).toMatchObject({ is_seed_supported: true, is_count_supported: true });
    },
  },
  {
    section: "8.2",
    name: "lists the inputs of a flow with their kinds, choices and defaults",
    run: async (target) => {
      const params = (await installed(target, FLOW))?.["input_params"] as Json[];
      const steps = params.find((one) => one["name"] === "steps_number");
      expect(steps).toMatchObject({ type: "list", default: "8 steps" });
      expect(Object.keys(steps?.["options"] as Json)).toEqual(["4 steps", "8 steps"]);
    },
  },
  {
    section: "8.2",
    name: "lists a file as mandatory and an image",
    run: async (target) => {
      const params = (await installed(target, FILE_FLOW))?.["input_params"] as Json[];
      expect(params[0]).toMatchObject({
        name: "input_image",
        type: "image",
        optional: false,
        default: "",
      });
    },
  },
  ...rows(
    [
      ["image", 200],
      ["image-inpaint", 200],
      ["video", 200],
      ["audio", 422],
    ] as const,
    (type, expected) => ({
      section: "8.1",
      name: `answers ${expected} to sub-flows for ${type}`,
      run: async (target) => {
        expect(await status(target.get(`/vapi/flows/subflows?input_type=${type}`))).toBe(expected);
      },
    }),
  ),
  {
    section: "8.1",
    name: "gives details of a flow whatever the case of its name",
    run: async (target) => {
      const answer = await target.get(`/vapi/flows/flow-details?name=${FLOW.toUpperCase()}`);
      const { flow, flow_comfy } = answer.json() as { flow: Json; flow_comfy: Json };
      expect(flow["name"]).toBe(FLOW);
      expect(flow_comfy).toHaveProperty(String(NODE));
    },
  },
  {
    section: "8.1",
    name: "gives no details of an unknown flow",
    run: (target) =>
      missesFile(target, "/vapi/flows/flow-details?name=none", 404, "Flow 'none' not found."),
  },
  {
    section: "8.1",
    name: "does not install an unknown flow",
    run: async (target) => {
      const answer = await target.send("POST", "/vapi/flows/flow?name=none");
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ detail: "Can't find `none` flow." });
    },
  },
  {
    section: "8.1",
    name: "does not update an unknown flow",
    run: async (target) => {
      const answer = await target.send("POST", "/vapi/flows/flow-update?name=none");
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ detail: "Can't find `none` in installed flows." });
    },
  },
  {
    section: "8.1",
    name: "lists installations with their flows and workflows",
    run: async (target) => {
      const records = (await target.get("/vapi/flows/install-progress")).json() as Json[];
      const record = records.find((one) => one["name"] === FLOW);
      expect(record).toMatchObject({ progress: 100, error: "" });
      expect(record).toHaveProperty("flow_comfy");
    },
  },
  {
    section: "8.1",
    name: "removes a flow, refuses creates of it, and installs it again",
    standinOnly: "a real server would have to download the models again",
    run: async (target) => {
      const name = "auraflow";
      expect(await status(target.send("DELETE", `/vapi/flows/flow?name=${name}`))).toBe(204);
      expect(await status(target.create(name, [["prompt", "x"]]))).toBe(404);
      expect(await installed(target, name)).toBeUndefined();
      const missing = (await target.get("/vapi/flows/not-installed")).json() as Json[];
      expect(missing.map((one) => one["name"])).toContain(name);
      expect(await status(target.send("POST", `/vapi/flows/flow?name=${name}`))).toBe(204);
      expect(await status(target.create(name, [["prompt", "x"]]))).toBe(200);
    },
  },
];

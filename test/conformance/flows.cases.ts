/** Section 8: the server's lists of flows. Needs the public flows. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FLOW, type Json, type Target } from "./target.js";

interface Input {
  readonly name: string;
  readonly type: string;
  readonly [key: string]: unknown;
}

interface ListedFlow {
  readonly name: string;
  readonly display_name: string;
  readonly input_params: readonly Input[];
  readonly [key: string]: unknown;
}

const FLOW_KEYS = [
  ...["name", "display_name", "description", "author", "homepage", "license", "documentation"],
  ...["tags", "sub_flows", "models", "input_params", "version", "requires", "private", "hidden"],
  ...["new_version_available", "is_seed_supported", "is_count_supported"],
  ...["is_translations_supported", "is_macos_supported", "is_supported_by_workers"],
  ...["required_memory_gb", "lora_connect_points", "is_surprise_me_supported", "remote_vae"],
];
const INPUT_KEYS = [
  ...["name", "display_name", "optional", "advanced", "order", "hidden", "translatable"],
  ...["type", "default", "comfy_node_id"],
];

/** Node classes that every ComfyUI has; an unknown one would crash a worker's engine. */
const CLASSES = [
  ...["LoadImage", "SaveImage", "EmptyImage", "ImageScale", "ImageInvert", "ImageBlur"],
  ...["RepeatImageBatch", "SaveAnimatedWEBP", "PreviewAny", "SaveWEBM", "SaveAudio", "SaveGLB"],
];

async function installed(target: Target): Promise<ListedFlow[]> {
  return (await target.get("/vapi/flows/installed")).json() as ListedFlow[];
}

async function inputOf(target: Target, flow: string, name: string): Promise<Input | undefined> {
  const listed = (await installed(target)).find((one) => one.name === flow);
  return listed?.input_params.find((one) => one.name === name);
}

export const flowCases: readonly Case[] = [
  {
    section: "8.2",
    name: "lists every flow with all keys",
    run: async (target) => {
      for (const flow of await installed(target)) {
        expect(Object.keys(flow).sort(), flow.name).toEqual([...FLOW_KEYS].sort());
        for (const input of flow.input_params)
          expect(Object.keys(input)).toEqual(expect.arrayContaining(INPUT_KEYS));
      }
    },
  },
  {
    section: "8.2",
    name: "lists ranges with limits, choices with options, masks with their image",
    run: async (target) => {
      for (const { input_params } of await installed(target)) {
        const names = input_params.map(({ name }) => name);
        for (const input of input_params) {
          const isRange = input.type === "range" || input.type === "range_scale";
          for (const key of ["min", "max", "step"]) expect(Object.hasOwn(input, key)).toBe(isRange);
          expect(Object.hasOwn(input, "options")).toBe(input.type === "list");
          const hasSource = input.type === "image-mask" || input.type === "range_scale";
          if (hasSource) expect(names).toContain(input["source_input_name"]);
          else expect(input).not.toHaveProperty("source_input_name");
        }
      }
    },
  },
  {
    section: "8.2",
    name: "lists the limits of a scale and the image that it scales",
    run: async (target) => {
      expect(await inputOf(target, "supir_upscaler", "scale_factor")).toMatchObject({
        ...{ type: "range_scale", default: 2, min: 1.1, max: 3, step: 0.1 },
        ...{ source_input_name: "image_to_upscale", advanced: true, optional: false },
      });
    },
  },
  {
    section: "8.2",
    name: "lists what choices stand for",
    run: async (target) => {
      const input = await inputOf(target, "supir_upscaler", "in_param_125");
      expect((input?.["options"] as Json)["Soft"]).toBe("TiledRestoreEDMSampler");
    },
  },
  {
    section: "8.1",
    name: "lists a flow that was removed among those that could be installed, until it is again",
    setup: "spare",
    standinOnly: "a real server would have to download models",
    run: async (target) => {
      const path = "/vapi/flows/flow?name=sample_file";
      const names = async (list: string): Promise<unknown[]> =>
        ((await target.get(`/vapi/flows/${list}`)).json() as Json[]).map((one) => one["name"]);
      await target.send("DELETE", path);
      expect(await names("not-installed")).toContain("sample_file");
      expect(await names("installed")).not.toContain("sample_file");
      await target.send("POST", path);
      expect(await names("not-installed")).not.toContain("sample_file");
      expect(await names("installed")).toContain("sample_file");
    },
  },
  {
    section: "8.2",
    name: "lists hidden flows and hidden inputs",
    run: async (target) => {
      const hidden = (await installed(target)).filter((flow) => flow["hidden"] === true);
      expect(hidden.map(({ name }) => name)).toEqual(["ask_ai_internal"]);
      expect(await inputOf(target, FLOW, "batch_size")).toMatchObject({ hidden: true });
    },
  },
  ...rows(
    [
      ["image", 9],
      ["image-inpaint", 3],
      ["video", 0],
    ] as const,
    (type, count) => ({
      section: "13",
      name: `gives ${count} sub-flows for ${type}`,
      run: async (target) => {
        const answer = await target.get(`/vapi/flows/subflows?input_type=${type}`);
        expect(answer.json()).toHaveLength(count);
      },
    }),
  ),
  {
    section: "8.1",
    name: "gives a flow once for each of its sub-flows, under their names and with their defaults",
    run: async (target) => {
      const answer = await target.get("/vapi/flows/subflows?input_type=image");
      const own = (answer.json() as ListedFlow[]).filter(({ name }) => name === "supir_upscaler");
      const shown = own.map(({ display_name, input_params }) => [
        display_name,
        input_params.find(({ name }) => name === "scale_factor")?.["default"],
      ]);
      expect(shown).toEqual([
        ["SUPIR(1.5x)", 1.5],
        ["SUPIR(2x)", 2],
      ]);
    },
  },
  {
    section: "13",
    name: "names only node classes that every ComfyUI has",
    standinOnly: "a real flow names the classes that it needs",
    run: async (target) => {
      for (const { name } of await installed(target)) {
        const answer = await target.get(`/vapi/flows/flow-details?name=${name}`);
        const nodes = (answer.json() as { flow_comfy: Record<string, { class_type: string }> })
          .flow_comfy;
        for (const { class_type } of Object.values(nodes)) expect(CLASSES).toContain(class_type);
      }
    },
  },
  {
    section: "13",
    name: "tells the version of the server that was looked at",
    run: async (target) => {
      const answer = await target.get("/vapi/other/update-status");
      expect(answer.json()).toEqual({ current_version: "2.7.1.dev0", next_version: "" });
    },
  },
  {
    section: "8.2",
    name: "shows what its owner says of a private flow",
    setup: "private",
    standinOnly: "needs a flow whose owner says so",
    run: async (target) => {
      const flow = (await installed(target)).find(({ name }) => name === "two_outputs");
      expect(flow).toMatchObject({ display_name: "Two of them", hidden: true, private: true });
      expect(flow?.input_params).toMatchObject([
        { name: "prompt", display_name: "What to draw", advanced: true, hidden: true },
      ]);
    },
  },
];

/** How calls are mapped to parameters, without a server. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flows } from "visionatrix-client/flows";
import { defineFlow } from "visionatrix-client";
import { mapCall, RULES, type Call } from "../../ai-provider/src/mapping.js";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const file = { type: "file", mediaType: "image/png", data: PNG } as const;

describe("mapCall", () => {
  it("maps nothing that was not set", () => {
    for (const flow of Object.values(flows))
      for (const call of [{}, { n: 1 }, { prompt: "" }, { files: [] }])
        expect(mapCall(flow, call)).toEqual({ params: {}, warnings: [] });
  });

  it("finds parameters and choices", () => {
    const call: Call = { prompt: "a cat", n: 3, seed: 7, aspectRatio: "16:9" };
    expect(mapCall(flows.juggernaut_lite, call)).toEqual({
      params: { prompt: "a cat", count: 3, seed: 7, aspect_ratio: "16:9 (1344x768)" },
      warnings: [],
    });
    expect(mapCall(flows.juggernaut_lite, { size: "832x1216" }).params).toEqual({
      aspect_ratio: "2:3 (832x1216)",
    });
    // Another spelling of the same ratio.
    expect(mapCall(flows.juggernaut_lite, { aspectRatio: "32:18" }).params).toEqual({
      aspect_ratio: "16:9 (1344x768)",
    });
    expect(mapCall(flows.ltxv_txt2video, { size: "640x384" })).toEqual({
      params: { width: 640, height: 384 },
      warnings: [],
    });
  });

  it.each<[keyof typeof flows, Call, string, string]>([
    ["remove_background_bria", { prompt: "a" }, "prompt", "takes no prompt."],
    ["remove_background_bria", { n: 2 }, "n", "so one picture is made."],
    ["remove_background_bria", { seed: 0 }, "seed", "takes no seed."],
    ["sdxl_lighting", { size: "1024x1024" }, "size", "chooses the size itself."],
    ["sdxl_lighting", { aspectRatio: "1:1" }, "aspectRatio", "takes no aspect ratio."],
    ["juggernaut_lite", { size: "1000x1000" }, "size", "the nearest is 1024x1024."],
    ["juggernaut_lite", { aspectRatio: "5:4" }, "aspectRatio", "the nearest is 4:3."],
    ["ltxv_txt2video", { size: "641x4000" }, "size", "the nearest is 640x768."],
    [
      "ltxv_txt2video",
      { aspectRatio: "1:1" },
      "aspectRatio",
      "takes no aspect ratio: give a size.",
    ],
    ["flux1_kontext", { files: [file, file] }, "files", "has a place for 1 of 2 files."],
    ["sdxl_lighting", { files: [file] }, "files", "has a place for 0 of 1 files."],
    ["flux1_kontext", { mask: file }, "mask", "takes no mask."],
  ])("%s warns of %j", (id, call, feature, details) => {
    const { warnings } = mapCall(flows[id], call);
    expect(warnings).toEqual([
      { type: "unsupported", feature, details: expect.stringContaining(details) as string },
    ]);
  });

  it("prefers the size to an aspect ratio that means another choice", () => {
    const both = (aspectRatio: Call["aspectRatio"]) =>
      mapCall(flows.juggernaut_lite, { size: "832x1216", aspectRatio });
    expect(both("2:3")).toEqual({ params: { aspect_ratio: "2:3 (832x1216)" }, warnings: [] });
    expect(both("1:1").params).toEqual({ aspect_ratio: "2:3 (832x1216)" });
    expect(both("1:1").warnings).toMatchObject([{ feature: "aspectRatio" }]);
  });

  it("gives files and masks to parameters in order, past those that are named", () => {
    const url = { type: "url", url: "https://example.com/a.png" } as const;
    const base64 = { type: "file", mediaType: "image/jpeg", data: "/9j/" } as const;
    const inpaint = mapCall(flows.flux1_dev_inpaint, { files: [base64], mask: url });
    expect(inpaint).toEqual({
      params: {
        source_image: "data:image/jpeg;base64,/9j/",
        mask_redraw: { url: "https://example.com/a.png" },
      },
      warnings: [],
    });
    const { params } = mapCall(
      flows.mad_scientist,
      { files: [file] },
      { person_image: { task_id: 1, node_id: 2 } },
    );
    expect(params["person_image"]).toEqual({ task_id: 1, node_id: 2 });
    expect(params["style_image"]).toBeInstanceOf(Blob);
    expect((params["style_image"] as Blob).type).toBe("image/png");
  });

  it("gives no picture to a parameter for films, and no film's parameter to a picture", () => {
    const flow = defineFlow("films", [
      { name: "film", type: "file", accept: "video/*" },
      { name: "picture", type: "file" },
    ]);
    expect(Object.keys(mapCall(flow, { files: [file] }).params)).toEqual(["picture"]);
  });

  it("lets named parameters override all others", () => {
    const { params } = mapCall(
      flows.sdxl_lighting,
      { prompt: "a", seed: 1, n: 2 },
      { prompt: "b", seed: 2, count: 1, steps_number: "8 steps" },
    );
    expect(params).toEqual({ prompt: "b", seed: 2, count: 1, steps_number: "8 steps" });
  });

  it("for every flow: each option set is a parameter of the flow, or a warning", () => {
    const call = fc.record(
      {
        prompt: fc.string({ minLength: 1 }),
        n: fc.integer({ min: 2, max: 5 }),
        seed: fc.nat(),
        size: fc
          .tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 4096 }))
          .map(([w, h]) => `${w}x${h}` as const),
        aspectRatio: fc
          .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
          .map(([w, h]) => `${w}:${h}` as const),
        files: fc.array(fc.constant(file), { minLength: 1, maxLength: 5 }),
        mask: fc.constant(file),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(flows)), call, (flow, options) => {
        const { params, warnings } = mapCall(flow, options);
        const known = new Map(flow.parameters.map((parameter) => [parameter.name, parameter]));
        for (const [name, value] of Object.entries(params)) {
          const parameter = known.get(name)!;
          expect(parameter).toBeDefined();
          if (parameter.type === "choice") expect(parameter.choices).toContain(value);
        }
        const warned = new Set(warnings.map((warning) => "feature" in warning && warning.feature));
        for (const warning of warned) expect(options).toHaveProperty(String(warning));
        for (const { option, map } of RULES) {
          if (!(option in options)) continue;
          const alone = map(flow, { [option]: options[option] }, {});
          const done = Object.keys(alone.params ?? {}).length > 0;
          expect(done || alone.details !== undefined).toBe(true);
        }
      }),
    );
  });
});

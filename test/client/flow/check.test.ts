import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidParamsError, defineFlow, fileInputs, plan, type Flow } from "../../../src/index.js";

const flow = defineFlow<Record<string, unknown>>(
  "f",
  [
    "group_scope",
    "webhook_url",
    "webhook_headers",
    "seed",
    "translate",
    { name: "prompt", type: "text", required: true },
    { name: "negative_prompt", type: "text", default: "ugly" },
    { name: "steps_number", type: "choice", choices: ["4 steps", "8 steps"], default: "8 steps" },
    { name: "batch_size", type: "number", min: 1, max: 10, step: 1, default: 1 },
    { name: "denoise", type: "number", min: 0, max: 1, step: 0.01, default: 0.75 },
    { name: "scale_factor", type: "text", default: 2 },
    { name: "tiled", type: "boolean", default: false },
    { name: "input_image", type: "file", accept: "image/*" },
  ],
  { fileInputs },
);

const problemsOf = async <T extends object>(asked: Flow<T>, params: T) => {
  const error: unknown = await plan(asked, params).catch((thrown: unknown) => thrown);
  return error instanceof InvalidParamsError ? error.problems : [];
};
const rulesOf = async (params: Record<string, unknown>) =>
  (await problemsOf(flow, { prompt: "x", ...params })).map(
    (problem) => `${problem.parameter} ${problem.rule}`,
  );

describe("the checks", () => {
  it("takes what the server takes", async () => {
    expect(
      await rulesOf({
        negative_prompt: "",
        steps_number: "4 steps",
        batch_size: 3,
        denoise: 0.29,
        scale_factor: 1.5,
        tiled: true,
        translate: true,
        seed: 2 ** 31,
        webhook_url: "http://127.0.0.1:1/hook",
        webhook_headers: { "x-secret": "s" },
        input_image: new Blob(["x"]),
        undefined_is_absent: undefined,
      }),
    ).toEqual([]);
  });

  it("reports everything at once and says what to do", async () => {
    const problems = await problemsOf(flow, {
      promt: "x",
      steps_number: "8",
      batch_size: 11,
      tiled: "yes",
    });
    expect(problems.map(({ hint }) => hint)).toEqual([
      "There is no parameter `promt`; did you mean `prompt`?",
      "`prompt` is required.",
      '`steps_number` must be one of "4 steps", "8 steps", not "8".',
      "`batch_size` must be from 1 to 10, not 11.",
      '`tiled` must be true or false, not "yes".',
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ prompt: null }, "prompt null"],
    [{ prompt: 5 }, "prompt type"],
    [{ prompt: "ä".repeat(600_000) }, "prompt length"],
    [{ denoise: 0.295 }, "denoise step"],
    [{ denoise: NaN }, "denoise type"],
    [{ denoise: Infinity }, "denoise type"],
    [{ denoise: "0.5" }, "denoise type"],
    [{ batch_size: 2.5 }, "batch_size step"],
    [{ seed: 1.5 }, "seed integer"],
    [{ seed: -1 }, "seed range"],
    [{ seed: 2 ** 53 }, "seed precision"],
    [{ group_scope: 256 }, "group_scope range"],
    [{ translate: 2 }, "translate range"],
    [{ webhook_url: "http://h/cb?token=1" }, "webhook_url url"],
    [{ webhook_headers: { a: 5 } }, "webhook_headers headers"],
    [{ webhook_headers: { "a b": "x" } }, "webhook_headers headers"],
    [{ webhook_headers: ["a"] }, "webhook_headers headers"],
    [{ input_image: "photo.jpg" }, "input_image path"],
    [{ input_image: new Blob([]) }, "input_image empty"],
    [{ input_image: { task_id: 5 } }, "input_image type"],
    [{ input_image: { task_id: 5, node_id: 3, kind: "video" } }, "input_image kind"],
    [{ constructor: "x" }, "constructor unknown"],
  ])("refuses %j", async (params, expected) => {
    expect(await rulesOf(params)).toContain(expected);
  });

  it("takes every multiple of a step, however it is computed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 100 }), async (steps) => {
        expect(await rulesOf({ denoise: steps * 0.01 })).toEqual([]);
        expect(await rulesOf({ denoise: steps / 100 })).toEqual([]);
      }),
    );
  });

  it("does not take what an object inherits for a parameter", async () => {
    const odd = defineFlow("f", [{ name: "constructor", type: "text", required: true }]);
    expect((await problemsOf(odd, {})).map(({ rule }) => rule)).toEqual(["required"]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FilePart,
  InvalidParamsError,
  defineFlow,
  fileInputs,
  plan,
} from "../../../src/index.js";
import { fillForm } from "../../../src/flow/form.js";
import { decimal, drawSeed } from "../../../src/flow/numbers.js";

const flow = defineFlow<Record<string, unknown>>(
  "f",
  [
    "priority",
    "webhook_headers",
    "seed",
    "count",
    "translate",
    { name: "prompt", type: "text", required: true },
    { name: "denoise", type: "number", min: 0, max: 1, step: 1e-7 },
    { name: "tiled", type: "boolean" },
    { name: "input_image", type: "file", accept: "image/*" },
  ],
  { fileInputs },
);

const tools = { files: fileInputs.field(), random: Math.random };

const textsOf = async (params: Record<string, unknown>) =>
  Object.fromEntries(
    (await fillForm(flow, params, tools)).parts.map(({ name, value }) => [name, value]),
  );

describe("plan", () => {
  it("sends what was given, and a seed", async () => {
    const planned = await plan(flow, { prompt: "x", tiled: undefined });
    expect(planned.parts.map(({ name }) => name)).toEqual(["seed", "prompt"]);
    expect(planned.parts[0]?.value).toBe(String(planned.seed));
  });

  it("writes values as the server reads them", async () => {
    const reference = { task_id: 7, node_id: 9, kind: "image" } as const;
    expect(
      await textsOf({
        prompt: "a\n“b”",
        seed: 5,
        translate: true,
        tiled: false,
        denoise: 1e-7,
        webhook_headers: { "x-a": "b" },
        input_image: reference,
      }),
    ).toEqual({
      prompt: "a\n“b”",
      seed: "5",
      translate: "1",
      tiled: "false",
      denoise: "0.0000001",
      webhook_headers: '{"x-a":"b"}',
      input_image: '{"task_id":7,"node_id":9}',
    });
  });

  it("shows the marker by which a task without a drawn seed is found again", async () => {
    const names = async (params: Record<string, unknown>) =>
      (await plan(flow, params)).parts.map(({ name }) => name);
    expect(await names({ prompt: "x", seed: 5 })).toEqual(["seed", "prompt", "webhook_headers"]);
    const { parts } = await plan(flow, { prompt: "x", seed: 5, webhook_headers: { a: "b" } });
    expect(JSON.parse(parts.at(-1)?.value as string)).toEqual({
      a: "b",
      "x-client-ref": expect.stringMatching(/^\w{16,}$/) as string,
    });
  });

  it("never plans an empty form", async () => {
    const bare = defineFlow("bare", ["priority"]);
    expect((await fillForm(bare, {}, tools)).parts).toEqual([{ name: "priority", value: "0" }]);
  });

  it.each([
    ["photo.JPG", "", "photo.JPG"],
    ["photo", "image/webp", "photo.webp"],
    ["", "", "input_image.png"],
  ])("names the file part %j (%s) as %s", async (name, type, expected) => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const value = name ? new File([png], name, { type }) : png;
    const file = (await textsOf({ prompt: "x", input_image: value }))["input_image"] as FilePart;
    expect(file.name).toBe(expected);
    expect(new Uint8Array(await new Response(file.stream()).arrayBuffer())).toEqual(png);
  });

  it("decodes data URLs", async () => {
    const file = (await textsOf({ prompt: "x", input_image: "data:image/png;base64,aGk=" }))[
      "input_image"
    ] as FilePart;
    expect([file.name, await new Response(file.stream()).text()]).toEqual([
      "input_image.png",
      "hi",
    ]);
  });

  it("rejects with all problems", async () => {
    await expect(plan(flow, { tiled: 1, x: 1 })).rejects.toThrow(InvalidParamsError);
  });
});

describe("decimal", () => {
  it("reads back as the same number and has no exponent", () => {
    fc.assert(
      // The checks reject numbers that a double cannot hold exactly.
      fc.property(fc.double({ min: -(2 ** 53), max: 2 ** 53, noNaN: true }), (value) => {
        const text = decimal(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value || 0);
      }),
    );
  });
});

describe("drawSeed", () => {
  it("keeps the seeds of all tasks from 1 to 2³¹−1", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (count, random) => {
          const seed = drawSeed(count, () => random);
          expect(seed).toBeGreaterThanOrEqual(1);
          expect(seed + count - 1).toBeLessThanOrEqual(2 ** 31 - 1);
        },
      ),
    );
  });
});

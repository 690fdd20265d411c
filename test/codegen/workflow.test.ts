/** Output nodes from a workflow. */
import { describe, expect, test } from "vitest";
import { parseJson } from "../../codegen/src/json/parse.js";
import { outputsOf } from "../../codegen/src/pull/workflow.js";

type Inputs = Record<string, unknown>;

/** A workflow of nodes, each a class and its inputs. */
function outputs(
  nodes: Record<string, readonly [string, Inputs]>,
  optional: string[] = [],
): unknown {
  const entries = Object.entries(nodes).map(([id, [class_type, inputs]]) => [
    id,
    { class_type, inputs, _meta: { title: "x" } },
  ]);
  return outputsOf(parseJson(JSON.stringify(Object.fromEntries(entries))), new Set(optional));
}

const from = (node: string): Inputs => ({ images: [node, 0] });

test.each([
  ["SaveImage", "image"],
  ["SaveAnimatedWEBP", "image-animated"],
  ["SaveWEBM", "video"],
  ["VHS_VideoCombine", "video"],
  ["SaveAudio", "audio"],
  ["SaveText|pysssss", "text"],
  ["SaveGLB", "3d-model"],
])("%s gives %s", (type, kind) => {
  expect(outputs({ 7: ["Other", {}], 12: [type, from("7")] })).toEqual([{ node: 12, kind }]);
});

test("outputs are sorted by their nodes", () => {
  const nodes = { 79: ["SaveImage", from("1")], 10: ["SaveImage", from("1")] } as const;
  expect(outputs(nodes)).toEqual([
    { node: 10, kind: "image" },
    { node: 79, kind: "image" },
  ]);
});

describe("nothing is known", () => {
  test.each([
    ["without an output", { 1: ["Other", {}] }],
    [
      "with an output of a class that is not known",
      { 1: ["SaveImage", {}], 2: ["SaveLatentVideo", {}] },
    ],
    ["with a node that is no number", { x: ["SaveImage", {}] }],
    ["with a node below 0", { "-1": ["SaveImage", {}] }],
    ["with one node under two names", { 1: ["SaveImage", {}], "1.0": ["SaveImage", {}] }],
  ] as const)("%s", (_, nodes) => {
    expect(outputs(nodes)).toBeUndefined();
  });

  test.each([undefined, null, [], "x", 7])("of %j", (workflow) => {
    expect(
      outputsOf(
        workflow === undefined ? undefined : parseJson(JSON.stringify(workflow)),
        new Set(),
      ),
    ).toBeUndefined();
  });

  test("of invalid nodes", () => {
    const text = '{"1":7,"2":{},"3":{"class_type":5},"4":{"class_type":"SaveImage","inputs":[]}}';
    expect(outputsOf(parseJson(text), new Set())).toEqual([{ node: 4, kind: "image" }]);
  });
});

describe("an output is optional", () => {
  const base = {
    1: ["LoadImage", {}],
    2: ["LoadImage", {}],
    3: ["VAELoader", {}],
    4: ["VAEEncode", { pixels: ["2", 0], vae: ["3", 0] }],
    5: ["SaveImage", from("4")],
    6: ["ImageScale", { image: ["1", 0] }],
    7: ["SaveImage", from("6")],
  } as const;

  test("if its only input is a file that is left out", () => {
    expect(outputs(base, ["2"])).toEqual([
      { node: 5, kind: "image", optional: true },
      { node: 7, kind: "image" },
    ]);
  });

  test("but not if it has another input", () => {
    const nodes = { ...base, 4: ["Blend", { a: ["2", 0], b: ["6", 0] }] } as const;
    expect(outputs(nodes, ["2"])).toEqual([
      { node: 5, kind: "image" },
      { node: 7, kind: "image" },
    ]);
  });

  test("and never all of them", () => {
    expect(outputs(base, ["1", "2"])).toEqual([
      { node: 5, kind: "image" },
      { node: 7, kind: "image" },
    ]);
  });
});

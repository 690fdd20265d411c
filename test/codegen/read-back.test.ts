/** The read-back finds every change in generated files. */
import { readDescription, type Model } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { emit } from "../../codegen/src/emit/emit.js";
import { nameFlows } from "../../codegen/src/names/names.js";
import { readBack, type Expectation } from "../../codegen/src/verify/read-back.js";
import { oneFlow } from "./support/documents.js";

const model = readDescription(
  oneFlow(
    {
      seed: { type: "integer", default: 1 },
      prompt: { type: "string" },
      mode: { type: "string", enum: ["fast", "good"], default: "fast" },
      size: { type: "number", minimum: 1, maximum: 9, default: 3 },
    },
    { required: ["prompt"] },
  ),
);
const withFile = readDescription(
  oneFlow({ image: { anyOf: [{ type: "string", format: "binary" }, { type: "string" }] } }),
);

/** Reads a client back with one text in one of its files replaced. */
function tampered(path: string, from: string, to: string, of = model): () => void {
  const { files, expectation } = client(of);
  const text = files.get(path) ?? "";
  expect(text).toContain(from);
  return () => readBack(new Map([...files, [path, text.replace(from, () => to)]]), expectation);
}

function client(of: Model): { files: ReadonlyMap<string, string>; expectation: Expectation } {
  const { files, views } = emit(of, { runtime: "visionatrix-client" });
  return {
    files,
    expectation: { runtime: "visionatrix-client", views, names: nameFlows(of.flows) },
  };
}

test.each([model, withFile])("what was generated is what it must be", (of) => {
  const { files, expectation } = client(of);
  expect(() => readBack(files, expectation)).not.toThrow();
});

test("types of the task endpoints hold nothing but types", () => {
  const { expectation } = client(model);
  const readTasks = (text: string): void => readBack(new Map([["tasks.d.ts", text]]), expectation);
  expect(() => readTasks("export interface paths {}\nexport type A = string;")).not.toThrow();
  for (const text of ["export const x = 1;", "export interface a {} evil();", 'import "evil";']) {
    expect(() => readTasks(text)).toThrow(
      expect.objectContaining({ value: "tasks.d.ts" }) as Error,
    );
  }
});

describe("a difference is found", () => {
  const flow = "flows/my_flow.ts";
  test.each([
    [flow, "export interface", "process.exit(1);\nexport interface"],
    [flow, "]);", "]), process.exit(1);"],
    [flow, "]);", "]);\nprocess.exit(1);"],
    [flow, '{ name: "prompt"', '...[process.exit(1)], { name: "prompt"'],
    [flow, 'type: "text"', "type: `text${process.exit(1)}`"],
    [flow, 'type: "text"', 'type: "file"'],
    [flow, 'type: "text"', 'get type() { return "text"; }'],
    [flow, "required: true", "required: false"],
    [flow, "max: 9", "max: 90"],
    [flow, "max: 9", "max: +9"],
    [flow, '"seed"', '"count"'],
    [flow, '"my_flow"', '"other"'],
    [flow, "defineFlow(", "defineFlow2("],
    [flow, "defineFlow(", "(0, eval)("],
    [flow, "prompt: string", "prompt?: string"],
    [flow, "prompt: string", "prompt: any"],
    [flow, '"fast" | "good"', '"fast" | "good" | "evil"'],
    [flow, '"fast" | "good"', '"good" | "fast"'],
    [flow, "size?: number;", ""],
    [flow, "size?: number;", "size?: number; extra?: number;"],
    [flow, "size?: number;", "size?: number; [key: string]: unknown;"],
    [flow, "extends SeedParam", "extends SeedParam, CountParam"],
    [flow, "extends SeedParam", ""],
    [flow, 'from "visionatrix-client"', 'from "evil"'],
    [flow, "type Flow,", "type Flow, evil,"],
    [flow, "export const myFlow", "export let myFlow"],
    [flow, "export const myFlow", "const myFlow"],
    [flow, "MyFlowParams", "MyFlowParam"],
    [flow, "*/", "*/ x */"],
    ["index.ts", "myFlow,", "myFlow as other,"],
    ["index.ts", "./flows/my_flow.js", "./flows/../../evil.js"],
    ["index.ts", "type FlowParams", "type FlowParams, evil"],
    ["index.ts", "export { myFlow,", "export type { myFlow,"],
    ["index.ts", "{ myFlow, type MyFlowParams }", "*"],
    ["index.ts", "{ myFlow, type MyFlowParams }", "* as evil"],
    ["flow-map.ts", "my_flow: myFlow", "other: myFlow"],
    ["flow-map.ts", "my_flow: myFlow", "my_flow: (process.exit(1), myFlow)"],
    ["flow-map.ts", "my_flow: MyFlowParams", "my_flow: any"],
    ["flow-map.ts", "import type { Flow }", 'import "evil"; import type { Flow }'],
  ])("%s: %s → %s", (path, from, to) => {
    expect(tampered(path, from, to)).toThrow(
      expect.objectContaining({ code: "read_back_failed", value: path }) as Error,
    );
  });

  test.each([
    ["defineFlow, fileInputs,", "defineFlow,"],
    ["  { fileInputs },\n", ""],
    ["{ fileInputs }", "{ fileInputs: true }"],
    ["{ fileInputs }", '{ fileInputs: "fileInputs" }'],
    ["{ fileInputs }", "{ defineFlow }"],
    ["{ fileInputs }", "{ ...fileInputs }"],
    ["{ fileInputs }", "fileInputs"],
    ["{ fileInputs }", "{ fileInputs, fileInputs }"],
    ["{ fileInputs }", "{ fileInputs, evil: 1 }"],
    ["{ fileInputs }", "{ fileInputs }, process.exit(1)"],
  ])("in a flow with a file: %s → %s", (from, to) => {
    expect(tampered(flow, from, to, withFile)).toThrow(
      expect.objectContaining({ code: "read_back_failed", value: flow }) as Error,
    );
  });
});

/** Lines of flows and parameters, however the document is laid out. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { locate } from "../../../codegen/src/diff/locate.js";

const SNAPSHOT = readFileSync(
  new URL("../../../specs/flows.openapi.json", import.meta.url),
  "utf8",
);

describe.each([
  ["canonical", SNAPSHOT],
  ["indented", JSON.stringify(JSON.parse(SNAPSHOT), null, 2)],
])("in a %s document", (_, text) => {
  const lines = text.split("\n");
  const locator = locate(text);
  const at = (flow: string, parameter: string | null): string =>
    lines[locator.line(flow, parameter) - 1]?.trim() ?? "";

  test("a parameter has its line, in its own flow", () => {
    expect(at("sdxl_lighting", "steps_number")).toMatch(/^"steps_number": /);
    const start = lines.findIndex((line) => line.includes('"TaskRun_sdxl_lighting": {'));
    expect(locator.line("sdxl_lighting", "prompt")).toBeGreaterThan(start);
    expect(locator.line("sdxl_lighting", "prompt")).toBeLessThan(
      locator.line("supir_upscaler", null),
    );
  });

  test("a flow, and a parameter that is not there, have the flow's line", () => {
    expect(at("sdxl_lighting", null)).toBe('"TaskRun_sdxl_lighting": {');
    expect(at("sdxl_lighting", "gone")).toBe('"TaskRun_sdxl_lighting": {');
  });

  test("a removed flow has the line of the one that follows", () => {
    expect(at("sdxl_lightinf", null)).toBe('"TaskRun_sdxl_lighting": {');
    expect(at("zzz", null)).toMatch(/^"TaskRun_vintage_portrait": \{/);
  });
});

test("a document in one line, and names with escapes", () => {
  expect(locate(JSON.stringify(JSON.parse(SNAPSHOT))).line("sdxl_lighting", "prompt")).toBe(1);
  const text = `{"paths":{"/vapi/tasks/create/a\\u0062":{"put":{"$ref":"#/components/schemas/x~1y"}}},
"components":{"schemas":{
"x/y":{"properties":{
"\\u0070":{"type":"string"}}}}}}`;
  expect(locate(text).line("ab", "p")).toBe(4);
  expect(locate(text).line("ab", null)).toBe(3);
});

test("nothing at all", () => expect(locate("{}").line("a", "b")).toBe(1));

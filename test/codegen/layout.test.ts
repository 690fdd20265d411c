/** The layout changes only white space, closing commas and leading bars. */
import fc from "fast-check";
import type { Model } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { emit } from "../../codegen/src/emit/emit.js";
import { layOut } from "../../codegen/src/layout/layout.js";
import { anyModel } from "./support/models.js";
import { plainModel } from "./support/plain-models.js";

/** All modules of a model; none if two of its flows share a name. */
function modules(model: Model): string[] {
  try {
    return [...emit(model, { runtime: "visionatrix-client" }).files.values()];
  } catch (error) {
    expect(error).toMatchObject({ code: "name_collision" });
    return [];
  }
}

test("what is laid out stays as it is", () => {
  fc.assert(
    fc.property(fc.oneof(anyModel, plainModel), (model) => {
      for (const text of modules(model)) expect(layOut(text)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

/** Code in other layouts, and the layout that it must get. */
const SPELLINGS = [
  [
    'import {defineFlow,type Flow,} from "x";\nexport const a: Flow<A> = /* @__PURE__ */ defineFlow("a",["b","c",],);',
    'import { defineFlow, type Flow } from "x";\nexport const a: Flow<A> = /* @__PURE__ */ defineFlow("a", ["b", "c"]);\n',
  ],
  [
    'export interface A\n  extends B\n{\n  /**\n   * One.\n   * Two.\n   * @defaultValue 1\n   */\n  a?:\n    | "x"\n    | "y"\n;\n}',
    'export interface A extends B {\n  /** One. Two. @defaultValue 1 */\n  a?: "x" | "y";\n}\n',
  ],
  ["// one\n\n\n\n// two\n", "// one\n\n// two\n"],
  [
    'export const a: F = /* @__PURE__ */ defineFlow("a", [], { b: [{ c: 1, d: 2 }, { c: 3, d: 4 }] });',
    'export const a: F = /* @__PURE__ */ defineFlow("a", [], {\n  b: [\n    { c: 1, d: 2 },\n    { c: 3, d: 4 },\n  ],\n});\n',
  ],
  [
    'export const a: F = /* @__PURE__ */ defineFlow("a", [{ b: "}],/*" }], { title: \'"\\\'\', e });',
    'export const a: F = /* @__PURE__ */ defineFlow("a", [{ b: "}],/*" }], { title: \'"\\\'\', e });\n',
  ],
] as const;

test.each(SPELLINGS)("lays out %j", (from, to) => {
  expect(layOut(from)).toBe(to);
});

describe("what no template writes is an error, not a guess", () => {
  test.each(["let a = 1;", "export const a: A = b();", 'import "x";', "export default 1;", '"'])(
    "%s",
    (text) => {
      expect(() => layOut(text)).toThrow(TypeError);
    },
  );
});

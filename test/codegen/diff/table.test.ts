/** What a change means for callers: every row of the table, in both directions. */
import { describe, expect, test } from "vitest";
import type { Fact } from "../../../codegen/src/diff/fact.js";
import { plain } from "../../../codegen/src/diff/phrase.js";
import { RULE_IDS, RULES } from "../../../codegen/src/diff/rules.js";
import { WORDS_OF_FACTS } from "../../../codegen/src/diff/words-of-facts.js";
import type { ParameterModel } from "../../../codegen/src/model/flow.js";
import { compare, model, p, standard } from "./support.js";

type Expected = readonly [rule: string, before: Fact, after: Fact];

interface Row {
  readonly row: string;
  readonly old: readonly ParameterModel[] | null;
  readonly now: readonly ParameterModel[] | null;
  readonly there: Expected;
  readonly back: Expected;
}

const prompt = p("prompt", "text", { required: true });
const choice = (choices: string[]): ParameterModel => p("speed", "choice", { choices });
const number = (facts: object): ParameterModel => p("strength", "number", facts);
const file = (accept?: string): ParameterModel =>
  p("image", "file", { required: true, ...(accept === undefined ? {} : { accept }) });

/** A row that turns one parameter into another. */
function turn(
  row: string,
  old: ParameterModel,
  now: ParameterModel,
  there: Expected,
  back: Expected,
): Row {
  return { row, old: [prompt, old], now: [prompt, now], there, back };
}

const ROWS: readonly Row[] = [
  {
    row: "flow removed | flow added",
    old: [prompt],
    now: null,
    there: ["flow-removed", ["prompt"], null],
    back: ["flow-added", null, ["prompt"]],
  },
  {
    row: "required parameter added | parameter removed",
    old: [prompt],
    now: [prompt, file("image/*")],
    there: ["param-added-required", null, "required file (image/*)"],
    back: ["param-removed", "required file (image/*)", null],
  },
  {
    row: "optional parameter added | parameter removed",
    old: [prompt],
    now: [prompt, number({ min: 1, max: 10, step: 1, default: 3 })],
    there: ["param-added", null, "optional number, 1 to 10, in steps of 1, default 3"],
    back: ["param-removed", "optional number, 1 to 10, in steps of 1, default 3", null],
  },
  turn(
    "optional → required | required → optional",
    p("style", "text"),
    p("style", "text", { required: true }),
    ["param-now-required", null, null],
    ["param-now-optional", null, null],
  ),
  turn(
    "optional with a default → required | and back",
    p("style", "text", { default: "oil" }),
    p("style", "text", { required: true }),
    ["param-now-required", "oil", null],
    ["param-now-optional", null, "oil"],
  ),
  turn(
    "choice removed | choice added",
    choice(["fast", "slow", "draft"]),
    choice(["fast", "draft"]),
    ["param-choice-removed", ["slow"], null],
    ["param-choice-added", null, ["slow"]],
  ),
  turn(
    "string → choice | choice → string",
    p("speed", "text"),
    choice(["fast", "slow"]),
    ["param-text-to-choice", "text", 'choice of "fast", "slow"'],
    ["param-choice-to-text", 'choice of "fast", "slow"', "text"],
  ),
  turn(
    "text that takes numbers → choice | and back",
    p("speed", "text", { default: 2 }),
    p("speed", "choice", { choices: ["2", "4"], default: "2" }),
    ["param-text-to-choice", "text or number", 'choice of "2", "4"'],
    ["param-choice-to-text", 'choice of "2", "4"', "text or number"],
  ),
  turn(
    "type changed: boolean, text",
    p("speed", "boolean"),
    p("speed", "text"),
    ["param-type-changed", "boolean", "text"],
    ["param-type-changed", "text", "boolean"],
  ),
  turn(
    "type changed: number, choice",
    p("speed", "number"),
    choice(["fast"]),
    ["param-type-changed", "number", 'choice of "fast"'],
    ["param-type-changed", 'choice of "fast"', "number"],
  ),
  turn(
    "type narrowed: a text that took numbers | widened",
    p("speed", "text", { default: 2 }),
    p("speed", "text", { default: "2" }),
    ["param-type-narrowed", "text or number", "text"],
    ["param-type-widened", "text", "text or number"],
  ),
  turn(
    "type narrowed: text or number → number | widened",
    p("speed", "text", { default: 2 }),
    p("speed", "number", { default: 2 }),
    ["param-type-narrowed", "text or number", "number"],
    ["param-type-widened", "number", "text or number"],
  ),
  turn(
    "number → integer | integer → number",
    p("strength", "number"),
    p("strength", "integer"),
    ["param-number-to-integer", "number", "integer"],
    ["param-integer-to-number", "integer", "number"],
  ),
  turn(
    "minimum raised | lowered",
    number({ min: 1, max: 10 }),
    number({ min: 2, max: 10 }),
    ["param-minimum-raised", 1, 2],
    ["param-minimum-lowered", 2, 1],
  ),
  turn(
    "maximum lowered | raised",
    number({ min: 1, max: 10 }),
    number({ min: 1, max: 9.5 }),
    ["param-maximum-lowered", 10, 9.5],
    ["param-maximum-raised", 9.5, 10],
  ),
  turn(
    "a new minimum | a minimum gone",
    number({}),
    number({ min: 0 }),
    ["param-minimum-raised", null, 0],
    ["param-minimum-lowered", 0, null],
  ),
  turn(
    "a new maximum | a maximum gone",
    number({}),
    number({ max: 0 }),
    ["param-maximum-lowered", null, 0],
    ["param-maximum-raised", 0, null],
  ),
  turn(
    "step that refuses an old value | step that refuses none",
    number({ min: 0, max: 10, step: 0.5 }),
    number({ min: 0, max: 10, step: 1 }),
    ["param-step-narrowed", 0.5, 1],
    ["param-step-widened", 1, 0.5],
  ),
  turn(
    "a new step | a step gone",
    number({ min: 0, max: 10 }),
    number({ min: 0, max: 10, step: 1 }),
    ["param-step-narrowed", null, 1],
    ["param-step-widened", 1, null],
  ),
  turn(
    "two steps of which neither holds the other",
    number({ step: 2 }),
    number({ step: 3 }),
    ["param-step-narrowed", 2, 3],
    ["param-step-narrowed", 3, 2],
  ),
  turn(
    "a lower minimum that moves the steps | raised again",
    number({ min: 5, max: 100, step: 10 }),
    number({ min: 0, max: 100, step: 10 }),
    ["param-minimum-moves-steps", 5, 0],
    ["param-minimum-raised", 0, 5],
  ),
  turn(
    "file → text | text → file",
    p("mask", "file"),
    p("mask", "text"),
    ["param-file-to-value", "file", "text"],
    ["param-value-to-file", "text", "file"],
  ),
  turn(
    "media kind changed",
    file("image/*"),
    file("video/*"),
    ["param-media-changed", "image/*", "video/*"],
    ["param-media-changed", "video/*", "image/*"],
  ),
  turn(
    "any file → images only | and back",
    file(),
    file("image/*"),
    ["param-media-changed", null, "image/*"],
    ["param-media-widened", "image/*", null],
  ),
  turn(
    "images → PNG only | and back",
    file("image/*"),
    file("image/png"),
    ["param-media-changed", "image/*", "image/png"],
    ["param-media-widened", "image/png", "image/*"],
  ),
  ...["seed", "count", "translate"].map((name): Row => ({
    row: `standard parameter ${name} no longer taken | taken`,
    old: [standard(name), p("text", "text", { required: true })],
    now: [p("text", "text", { required: true })],
    there: ["standard-param-removed", expect.any(String) as unknown as string, null],
    back: ["standard-param-added", null, expect.any(String) as unknown as string],
  })),
  turn(
    "default changed",
    p("style", "text", { default: "oil" }),
    p("style", "text", { default: "ink" }),
    ["param-default-changed", "oil", "ink"],
    ["param-default-changed", "ink", "oil"],
  ),
  turn(
    "default added | removed",
    p("style", "text"),
    p("style", "text", { default: "oil" }),
    ["param-default-added", null, "oil"],
    ["param-default-removed", "oil", null],
  ),
  turn(
    "the default of a boolean",
    p("tiled", "boolean", { default: false }),
    p("tiled", "boolean", { default: true }),
    ["param-default-changed", false, true],
    ["param-default-changed", true, false],
  ),
  turn(
    "the default of the seed, which is never applied",
    { ...standard("seed"), default: 7, standard: false },
    standard("seed"),
    ["seed-default-changed", 7, 1],
    ["seed-default-changed", 1, 7],
  ),
  turn(
    "label",
    p("style", "text", { label: "Style of the picture" }),
    p("style", "text", { label: "Look" }),
    ["param-label-changed", "Style of the picture", "Look"],
    ["param-label-changed", "Look", "Style of the picture"],
  ),
  turn(
    "order of choices",
    choice(["fast", "slow", "draft"]),
    choice(["slow", "fast", "draft"]),
    ["param-choice-order-changed", ["fast", "slow", "draft"], ["slow", "fast", "draft"]],
    ["param-choice-order-changed", ["slow", "fast", "draft"], ["fast", "slow", "draft"]],
  ),
  {
    row: "order of parameters",
    old: [p("a", "text"), p("b", "boolean")],
    now: [p("b", "boolean"), p("a", "text")],
    there: ["param-order-changed", ["a", "b"], ["b", "a"]],
    back: ["param-order-changed", ["b", "a"], ["a", "b"]],
  },
  {
    row: "a parameter renamed",
    old: [prompt, number({ min: 0, max: 1, label: "How strong" })],
    now: [prompt, p("in_param_117", "number", { min: 0, max: 1, label: "How strong" })],
    there: ["param-renamed", "strength", "in_param_117"],
    back: ["param-renamed", "in_param_117", "strength"],
  },
];

function build(parameters: readonly ParameterModel[] | null): ReturnType<typeof model> {
  return model({
    other: [p("text", "text")],
    ...(parameters === null ? {} : { flow: parameters }),
  });
}

describe.each(ROWS)("$row", ({ old, now, there, back }) => {
  test.each([
    ["there", old, now, there],
    ["back", now, old, back],
  ] as const)("%s", (_, before, after, [rule, oldFact, newFact]) => {
    const { changes } = compare(build(before), build(after));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ rule, before: oldFact, after: newFact, flows: ["flow"] });
    expect(changes[0]?.class).toBe(RULES[rule as keyof typeof RULES]);
    for (const phrase of [changes[0]?.message, changes[0]?.brief, changes[0]?.advice]) {
      expect(plain(phrase ?? [])).toMatch(/^[^\n]{8,200}\.$/);
    }
  });
});

test("a renamed flow, in both directions", () => {
  const parameters = [prompt, choice(["fast", "slow"]), number({ min: 0, max: 1 })];
  const old = model({ other: [], sdxl_lightning: parameters });
  const now = model({ other: [], sdxl_lighting: parameters });
  expect(compare(old, now).changes).toMatchObject([
    { rule: "flow-renamed", class: "breaking", before: "sdxl_lightning", after: "sdxl_lighting" },
  ]);
  expect(compare(now, old).changes).toMatchObject([
    { rule: "flow-renamed", class: "breaking", before: "sdxl_lighting", after: "sdxl_lightning" },
  ]);
});

test("`surprise_me`, which no description contains, is removed and added with what it needs", () => {
  const taken = model({ flow: [standard("count"), p("prompt", "text")] });
  const gone = model({ flow: [standard("count"), p("prompt", "choice", { choices: ["a"] })] });
  const find = (changes: ReturnType<typeof compare>["changes"]): string[] =>
    changes.filter(({ parameter }) => parameter === "surprise_me").map(({ rule }) => rule);
  expect(find(compare(taken, gone).changes)).toEqual(["standard-param-removed"]);
  expect(find(compare(gone, taken).changes)).toEqual(["standard-param-added"]);
});

test("the rows use every rule", () => {
  const used = new Set(ROWS.flatMap(({ there, back }) => [there[0], back[0]]));
  const elsewhere = ["flow-renamed", ...Object.keys(WORDS_OF_FACTS)];
  expect(RULE_IDS.filter((rule) => !used.has(rule) && !elsewhere.includes(rule))).toEqual([]);
});

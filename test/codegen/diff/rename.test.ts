/** Probable renames, and their confidence. */
import { expect, test } from "vitest";
import type { ParameterModel } from "../../../codegen/src/model/flow.js";
import { brief, compare, message, model, p, standard } from "./support.js";

const shape = [
  standard("seed"),
  p("prompt", "text", { required: true }),
  p("speed", "choice", { choices: ["fast", "slow"] }),
  p("strength", "number", { min: 0, max: 1 }),
];

/** The confidence of the one rename in a comparison. */
function sure(old: ReturnType<typeof model>, now: ReturnType<typeof model>): number | undefined {
  return compare(old, now).changes.find(({ rule }) => rule.endsWith("-renamed"))?.confidence;
}

/** A flow with one parameter between two others. */
function between(parameter: ParameterModel): ReturnType<typeof model> {
  return model({ flow: [p("a", "text"), parameter, p("b", "boolean")] });
}

test("a flow with the same shape and nearly the same id is nearly certain", () => {
  const old = model({ comsmos_predict: shape });
  const now = model({ cosmos_predict: shape });
  expect(sure(old, now)).toBeGreaterThan(0.85);
  const [change] = compare(old, now).changes;
  expect(message(change)).toMatch(
    /^The flow comsmos_predict was probably renamed to cosmos_predict \(\d\d % sure\)\.$/,
  );
});

test("the same shape under a very different id is a rename with less confidence", () => {
  const likely = sure(model({ sdxl_fast: shape }), model({ sdxl_quick: shape })) ?? 0;
  const doubtful = sure(model({ sdxl_fast: shape }), model({ portrait: shape })) ?? 0;
  expect(doubtful).toBeGreaterThan(0.5);
  expect(doubtful).toBeLessThan(0.75);
  expect(likely).toBeGreaterThan(doubtful);
});

test("what else changed in a renamed flow is reported under its new id", () => {
  const other = shape.map((one) => (one.name === "strength" ? { ...one, max: 0.5 } : one));
  const { changes } = compare(model({ sdxl_lightning: shape }), model({ sdxl_lighting: other }));
  expect(changes.map(brief)).toEqual([
    "breaking flow-renamed sdxl_lighting -",
    "breaking param-maximum-lowered sdxl_lighting strength",
  ]);
});

test("flows that take different things are no rename, however alike their ids are", () => {
  const old = model({ portrait_one: shape });
  const now = model({
    portrait_two: [p("image", "file", { required: true }), p("size", "integer")],
  });
  expect(compare(old, now).changes.map(({ rule }) => rule)).toEqual(["flow-removed", "flow-added"]);
});

test("a second candidate makes a rename doubtful", () => {
  const old = model({ portrait: shape });
  const alone = sure(old, model({ sketch: shape })) ?? 0;
  const rivals = compare(model({ portrait: shape, drawing: shape }), model({ sketch: shape }));
  const [renamed] = rivals.changes.filter(({ rule }) => rule === "flow-renamed");
  expect(renamed?.confidence).toBeLessThan(alone);
});

test("a parameter with the same label, shape and place is nearly certain", () => {
  const old = between(p("in_param_117", "number", { min: 0, max: 1, label: "How strong" }));
  const now = between(p("in_param_204", "number", { min: 0, max: 1, label: "How strong" }));
  expect(sure(old, now)).toBe(0.99);
});

test("another label, place or limit lowers the confidence", () => {
  const old = between(p("in_param_117", "number", { min: 0, max: 1, label: "How strong" }));
  const certain = sure(old, between(p("force", "number", { min: 0, max: 1, label: "How strong" })));
  const limit = sure(old, between(p("force", "number", { min: 0, max: 2, label: "How strong" })));
  const label = sure(old, between(p("force", "number", { min: 0, max: 1, label: "Force" })));
  const moved = model({
    flow: [
      p("a", "text"),
      p("b", "boolean"),
      p("force", "number", { min: 0, max: 1, label: "How strong" }),
    ],
  });
  for (const less of [limit, label, sure(old, moved)]) expect(less).toBeLessThan(certain ?? 0);
});

test("another kind is no rename", () => {
  const old = between(p("mask", "file", { label: "Mask" }));
  const now = between(p("masks", "boolean", { label: "Mask" }));
  expect(compare(old, now).changes.map(({ rule }) => rule)).toEqual([
    "param-removed",
    "param-added",
  ]);
});

test("what else changed in a renamed parameter is reported under its new name", () => {
  const old = between(p("in_param_1", "text", { label: "Style", default: "oil" }));
  const now = between(p("style", "text", { label: "Style", default: "ink" }));
  expect(compare(old, now).changes.map(brief)).toEqual([
    "breaking param-renamed flow style",
    "behaviour param-default-changed flow style",
  ]);
});

test("standard parameters are never taken for renamed ones", () => {
  const old = model({ flow: [standard("translate"), p("x", "text")] });
  const now = model({ flow: [p("translation", "integer", { default: 0 }), p("x", "text")] });
  expect(compare(old, now).changes.map(({ rule }) => rule)).toEqual([
    "standard-param-removed",
    "param-added",
  ]);
});

test("two whole servers that share no flow are compared quickly", () => {
  const many = (prefix: string): ReturnType<typeof model> =>
    model(
      Object.fromEntries(
        Array.from({ length: 1_500 }, (_, index) => [`${prefix}_${index}`, shape]),
      ),
    );
  const [old, now] = [many("a"), many("b")];
  const started = process.cpuUsage();
  expect(compare(old, now).changes).toHaveLength(3_000);
  // Processor time: the machine may be busy with other things.
  expect(process.cpuUsage(started).user / 1e3).toBeLessThan(3_000);
});

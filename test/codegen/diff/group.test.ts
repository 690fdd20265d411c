/** The same change in many flows is one line. */
import { expect, test } from "vitest";
import { brief, compare, message, model, p, standard } from "./support.js";

const ids = ["flow_a", "flow_b", "flow_c"];

test("the same limit raised in all flows is one change that names them", () => {
  const build = (max: number): ReturnType<typeof model> =>
    model(
      Object.fromEntries(
        ids.map((id) => [id, [{ ...standard("priority"), max }, p(`own_${id}`, "text")]]),
      ),
    );
  const { changes, summary } = compare(build(15), build(20));
  expect(changes.map(brief)).toEqual([
    "addition param-maximum-raised flow_a+flow_b+flow_c priority",
  ]);
  expect(message(changes[0])).toBe("priority of 3 flows goes up to 20 now; the maximum was 15.");
  expect(summary.addition).toBe(1);
});

test("changes that differ in a value stay apart", () => {
  const build = (defaults: readonly string[]): ReturnType<typeof model> =>
    model(
      Object.fromEntries(
        ids.map((id, index) => [id, [p("style", "text", { default: defaults[index] ?? "" })]]),
      ),
    );
  const { changes } = compare(build(["a", "a", "a"]), build(["b", "b", "c"]));
  expect(changes.map(brief)).toEqual([
    "behaviour param-default-changed flow_a+flow_b style",
    "behaviour param-default-changed flow_c style",
  ]);
});

test("new flows are reported one by one, even when they are alike", () => {
  const own = [p("prompt", "text", { required: true }), p("size", "integer")];
  const { changes } = compare(model({ x: [] }), model({ x: [], y1: own, y2: own }));
  expect(changes.map(message)).toEqual([
    "The flow y1 is new; it needs prompt and takes 1 more parameter of its own.",
    "The flow y2 is new; it needs prompt and takes 1 more parameter of its own.",
  ]);
});

test("the most severe comes first, and the order is the same from run to run", () => {
  const old = model({
    b: [p("x", "text", { label: "X1" }), p("gone", "boolean")],
    a: [p("y", "text")],
  });
  const now = model({
    b: [p("x", "text", { label: "X2" })],
    a: [p("y", "text", { default: "1" })],
  });
  expect(compare(old, now).changes.map(brief)).toEqual([
    "breaking param-removed b gone",
    "behaviour param-default-added a y",
    "docs param-label-changed b x",
  ]);
});

test("of long texts the part that differs is shown", () => {
  const long = (word: string): string => `${"Once upon a time ".repeat(20)}there was a ${word}.`;
  const build = (word: string): ReturnType<typeof model> =>
    model({ a: [p("story", "text", { default: long(word) })] });
  const [change] = compare(build("queen"), build("king")).changes;
  expect(message(change)).toContain("king");
  expect(message(change)).toContain("queen");
  expect(message(change).length).toBeLessThan(200);
});

/** The comment on a pull request: what comes first, what is folded, and that it always fits. */
import { expect, test } from "vitest";
import { formatMarkdown } from "../../../codegen/src/diff/format/markdown.js";
import { compare, model, p, TODAY } from "./support.js";
import { report } from "../../../codegen/src/diff/report.js";

const LIMIT = 65_536;
const MARKER = "<!-- vix-codegen diff -->\n";

function many(count: number, max: number): ReturnType<typeof model> {
  return model(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `flow_${index}`,
        [
          p("size", "integer", { min: 0, max: max + index }),
          p(`own_${index}`, "text", { label: `${max}` }),
        ],
      ]),
    ),
  );
}

test("starts with the counts and the version step; breaking is open and first, words are folded", () => {
  const old = model({ a: [p("x", "text", { default: "1" })], b: [p("y", "boolean")], c: [] });
  const now = model({
    a: [p("x", "text", { default: "2" })],
    b: [p("y", "boolean", { label: "Why" })],
    d: [p("z", "file")],
  });
  const text = formatMarkdown(compare(old, now));
  expect(text).toMatch(
    /^### Flows: 1 breaking, 1 behaviour, 1 addition, 1 docs\n\nVersion step: \*\*major\*\*\.\n/,
  );
  const order = [
    "#### Breaking (1)",
    "#### Behaviour (1)",
    "<summary>Additions (1)",
    "<summary>Docs (1)",
  ];
  const places = order.map((title) => text.indexOf(title));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text).toContain("| `c` | The flow `c` is gone. |");
});

test.each([10, 100, 1_000, 2_600])(
  "with %i breaking changes fits, and says what it left out",
  (count) => {
    const found = compare(many(count, 5_000), many(count, 2_000));
    const text = formatMarkdown(found);
    expect(MARKER.length + text.length).toBeLessThan(LIMIT);
    const rows = [...text.matchAll(/^\| `flow_/gm)].length;
    const cut = Number(/\*\*(\d+) changes? left out here\*\*/.exec(text)?.[1] ?? 0);
    expect(rows + cut).toBe(found.changes.length);
    expect(cut > 0).toBe(count >= 1_000);
    expect(text.match(/<details>/g) ?? []).toHaveLength((text.match(/<\/details>/g) ?? []).length);
  },
);

test("with long accepted lists still fits", () => {
  const [old, now] = [many(600, 5_000), many(600, 2_000)];
  const acceptances = compare(old, now).changes.map(({ fingerprint }) => ({
    fingerprint,
    reason: "r".repeat(300),
    expires: "9999-12-31",
  }));
  const text = formatMarkdown(report(old, now, { today: TODAY, acceptances }));
  expect(text.length).toBeLessThan(LIMIT);
  expect(text).toContain("Accepted until 9999-12-31");
});

test("one change in many flows is one row with the flows folded", () => {
  const build = (max: number): ReturnType<typeof model> =>
    model(Object.fromEntries(["a", "b", "c"].map((id) => [id, [p("size", "integer", { max })]])));
  expect(formatMarkdown(compare(build(5), build(9)))).toContain(
    "| <details><summary>3 flows</summary>`a`, `b`, `c`</details> | `size` goes up to `9` now; the maximum was `5`. |",
  );
});

test("no change is one line", () => {
  expect(formatMarkdown(compare(many(3, 5), many(3, 5)))).toBe(
    "### Flows: Nothing that a caller can notice has changed.\n",
  );
});

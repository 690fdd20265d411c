/** `--usage`: where the reader's own TypeScript uses what changed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Change } from "../../../codegen/src/diff/change.js";
import { withUsage } from "../../../codegen/src/diff/usage/find.js";
import type { Model } from "../../../codegen/src/model/flow.js";
import { compare, model, p } from "./support.js";

let folder = "";

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files, and returns the places that a change of `paint` affects, by rule: `file:line what`. */
function used(old: Model, now: Model, files: Record<string, string>): Record<string, string[]> {
  folder = mkdtempSync(join(tmpdir(), "vix-usage-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const changes = withUsage(compare(old, now).changes, [join(folder, "**/*.ts")], folder);
  return Object.fromEntries(
    changes
      .filter((change): change is Change & { usage: object } => change.usage !== undefined)
      .map(({ rule, usage }) => [
        rule,
        usage.map(({ file, line, what }) => `${file}:${line} ${what}`),
      ]),
  );
}

const IMPORT = `import { paint } from "visionatrix-client/flows/paint";\n`;
const prompt = p("prompt", "text", { required: true });
const speed = (...choices: string[]) => p("speed", "choice", { choices });
const before = model({ paint: [prompt, speed("fast", "slow", "draft")], other: [prompt] });
const choiceGone = model({ paint: [prompt, speed("fast", "slow")], other: [prompt] });
const RULE = "param-choice-removed";

function choices(files: Record<string, string> | string): string[] | undefined {
  return used(before, choiceGone, typeof files === "string" ? { "a.ts": IMPORT + files } : files)[
    RULE
  ];
}

test("a removed choice: where it is passed, and only there", () => {
  expect(
    choices(`
paint(client, { prompt: "a", speed: "draft" });
paint(client, { prompt: "a", speed: "fast" });
paint(client, { prompt: "draft" });
other(client, { speed: "draft" });
`),
  ).toEqual(['a.ts:3 speed: "draft"']);
});

test("a removed choice behind a constant, a condition, a spread, an assertion", () => {
  expect(
    choices(`
const quick = "draft";
const base = { speed: quick } as const;
paint(client, { prompt: "a", speed: quick });
paint(client, { prompt: "a", speed: hurry ? "draft" : "slow" });
paint(client, { ...base, prompt: "a" });
paint(client, { ...base, speed: "slow" });
paint(client, { prompt: "a", speed: ("draft" satisfies string) as "draft" });
paint(client, { prompt: "a", "speed": \`draft\` });
paint(client, { prompt: "a", ["speed"]: "draft" });
`),
  ).toEqual([
    'a.ts:4 speed: "draft"',
    'a.ts:5 speed: "draft"',
    'a.ts:6 speed: "draft"',
    'a.ts:9 speed: "draft"',
    'a.ts:10 speed: "draft"',
    'a.ts:11 speed: "draft"',
  ]);
});

test("a constant from another file", () => {
  expect(
    choices({
      "settings.ts": `export const SPEED = "draft";`,
      "src/a.ts": `${IMPORT}import { SPEED } from "../settings.js";\npaint(client, { speed: SPEED });\n`,
    }),
  ).toEqual(['src/a.ts:3 speed: "draft"']);
});

test("a value known only at run time is shown as such", () => {
  expect(
    choices(`
paint(client, { speed: readSpeed() });
export const run = (params: object) => paint(client, params);
`),
  ).toEqual(["a.ts:3 passes speed", "a.ts:4 may pass speed"]);
});

test.each([
  [
    "another name",
    `import { paint as p } from "./generated/index.js";\np(client, { speed: "draft" });`,
  ],
  [
    "a namespace",
    `import * as all from "visionatrix-client/flows";\nall.paint(client, { speed: "draft" });`,
  ],
  [
    "the map of flows",
    `import { flows } from "visionatrix-client/flows";\nflows.paint(client, { speed: "draft" });`,
  ],
  [
    "the map by key",
    `import { flows } from "visionatrix-client/flows";\nflows["paint"](client, { speed: "draft" });`,
  ],
  [
    "a dynamic import",
    `const { paint } = await import("visionatrix-client/flows");\npaint(client, { speed: "draft" });`,
  ],
  ["a helper", `${IMPORT}plan(paint, { speed: "draft" });`],
  [
    "a type",
    `import type { PaintParams } from "./flows.js";\nconst x: PaintParams = { speed: "draft" };`,
  ],
  [
    "a type of the map",
    `import type { FlowParams } from "./flows.js";\nconst x = { speed: "draft" } satisfies FlowParams["paint"];`,
  ],
])("a flow under %s", (_, text) => {
  expect(choices({ "a.ts": text })).toEqual(['a.ts:2 speed: "draft"']);
});

test("what has the same name and is not imported is not a flow", () => {
  expect(choices({ "a.ts": `function paint() {}\npaint(client, { speed: "draft" });` })).toEqual(
    [],
  );
});

test("a new required parameter, a changed default: the calls that leave it out", () => {
  const now = model({
    paint: [prompt, speed("fast", "slow", "draft"), p("image", "file", { required: true })],
    other: [prompt],
  });
  const text = `${IMPORT}paint(client, { prompt: "a" });\npaint(client, { prompt: "a", image });\npaint(client);\npaint(client, { prompt: "a", image: undefined });\n`;
  expect(used(before, now, { "a.ts": text })["param-added-required"]).toEqual([
    "a.ts:2 leaves out image",
    "a.ts:4 leaves out image",
    "a.ts:5 leaves out image",
  ]);
});

test("a limit: the numbers beyond it", () => {
  const limited = (max: number): Model =>
    model({ paint: [prompt, p("size", "number", { min: 0, max })] });
  const text = `${IMPORT}paint(client, { size: 8 });\npaint(client, { size: 4 });\npaint(client, { size: -8 });\npaint(client, { size: n });\n`;
  expect(used(limited(10), limited(5), { "a.ts": text })["param-maximum-lowered"]).toEqual([
    "a.ts:2 size: 8",
    "a.ts:5 passes size",
  ]);
});

test("a flow that is gone: its imports and its calls", () => {
  const text = `${IMPORT}await paint(client, { prompt: "a" });\n`;
  expect(used(before, model({ other: [prompt] }), { "a.ts": text })["flow-removed"]).toEqual([
    "a.ts:1 paint",
    'a.ts:2 paint(client, { prompt: "a" })',
  ]);
});

test("a flow or parameter with a new name: where the old one is used", () => {
  const shape = [prompt, p("in_1", "number", { min: 0, max: 1, label: "How strong" })];
  const renamed = [prompt, p("strength", "number", { min: 0, max: 1, label: "How strong" })];
  const text = `import { paintFast } from "./flows.js";\npaintFast(client, { prompt: "a", in_1: 0.5 });\n`;
  const found = used(model({ paint_fast: shape }), model({ paint_faster: renamed }), {
    "a.ts": text,
  });
  expect(found["flow-renamed"]).toEqual([
    "a.ts:1 paintFast",
    'a.ts:2 paintFast(client, { prompt: "a", in_1: 0.5 })',
  ]);
  expect(found["param-renamed"]).toEqual(["a.ts:2 in_1: 0.5"]);
});

test("additions have no usage; a pattern without files is an error", () => {
  expect(used(choiceGone, before, { "a.ts": IMPORT })).toEqual({});
  expect(() =>
    withUsage(compare(before, choiceGone).changes, ["no-such-folder/**/*.ts"], "."),
  ).toThrow(expect.objectContaining({ code: "usage_empty" }) as Error);
});

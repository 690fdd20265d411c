/** Outputs, names and flags: every rule in both directions, and no finding if one side lacks the fact. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Fact } from "../../../codegen/src/diff/fact.js";
import { plain } from "../../../codegen/src/diff/phrase.js";
import { RULES } from "../../../codegen/src/diff/rules.js";
import { withUsage } from "../../../codegen/src/diff/usage/find.js";
import { WORDS_OF_FACTS } from "../../../codegen/src/diff/words-of-facts.js";
import { writeCanonical } from "../../../codegen/src/canonical/write.js";
import type {
  FlowFacts,
  Model,
  OutputModel,
  ParameterFlags,
} from "../../../codegen/src/model/flow.js";
import { readDescription } from "../../../codegen/src/model/read.js";
import { compare, p } from "./support.js";

function paint(facts: FlowFacts, flags: ParameterFlags = {}): Model {
  const parameters = [p("prompt", "text", { required: true, ...flags })];
  return readDescription(writeCanonical({ flows: [{ id: "paint", ...facts, parameters }] }));
}

const named: FlowFacts = { title: "Paint", tags: ["art"], version: "1.0.0" };
const made = (...outputs: OutputModel[]): FlowFacts => ({ ...named, outputs });
const image: OutputModel = { node: 9, kind: "image" };
const video: OutputModel = { node: 20, kind: "video" };

type Expected = readonly [rule: string, before: Fact, after: Fact];

const ROWS: readonly (readonly [string, Model, Model, Expected, Expected])[] = [
  [
    "an output goes, an output comes",
    paint(made(image, video)),
    paint(made(image)),
    ["output-removed", "video from node 20", null],
    ["output-added", null, "video from node 20"],
  ],
  [
    "an output is of another kind",
    paint(made(image)),
    paint(made({ node: 9, kind: "video" })),
    ["output-kind-changed", "image from node 9", "video from node 9"],
    ["output-kind-changed", "video from node 9", "image from node 9"],
  ],
  [
    "an output is another node's",
    paint(made(image)),
    paint(made({ node: 12, kind: "image" })),
    ["output-moved", "image from node 9", "image from node 12"],
    ["output-moved", "image from node 12", "image from node 9"],
  ],
  [
    "an output falls away with a file",
    paint(made(image, video)),
    paint(made(image, { ...video, optional: true })),
    ["output-now-optional", null, "video from node 20"],
    ["output-now-certain", "video from node 20", null],
  ],
  [
    "a flow is called something else",
    paint(named),
    paint({ ...named, title: "Draw" }),
    ["flow-title-changed", "Paint", "Draw"],
    ["flow-title-changed", "Draw", "Paint"],
  ],
  [
    "other tags",
    paint(named),
    paint({ ...named, tags: ["art", "oil"] }),
    ["flow-tags-changed", ["art"], ["art", "oil"]],
    ["flow-tags-changed", ["art", "oil"], ["art"]],
  ],
  [
    "another version",
    paint(named),
    paint({ ...named, version: "1.1.0" }),
    ["flow-version-changed", "1.0.0", "1.1.0"],
    ["flow-version-changed", "1.1.0", "1.0.0"],
  ],
  [
    "a flow for the server's own use",
    paint(named),
    paint({ ...named, hidden: true }),
    ["flow-visibility-changed", false, true],
    ["flow-visibility-changed", true, false],
  ],
  [
    "a parameter is hidden",
    paint(named),
    paint(named, { hidden: true }),
    ["param-now-hidden", false, true],
    ["param-now-shown", true, false],
  ],
  [
    "a parameter is translated",
    paint(named),
    paint(named, { translatable: true }),
    ["param-now-translated", false, true],
    ["param-no-longer-translated", true, false],
  ],
  [
    "a parameter is advanced",
    paint(named),
    paint(named, { advanced: true }),
    ["param-advanced-changed", false, true],
    ["param-advanced-changed", true, false],
  ],
];

describe.each(ROWS)("%s", (_, old, now, there, back) => {
  test.each([
    ["there", old, now, there],
    ["back", now, old, back],
  ] as const)("%s", (_way, from, to, [rule, before, after]) => {
    const { changes } = compare(from, to);
    expect(changes).toMatchObject([{ rule, before, after, flows: ["paint"] }]);
    expect(changes[0]?.class).toBe(RULES[rule as keyof typeof RULES]);
    for (const phrase of [changes[0]?.message, changes[0]?.brief, changes[0]?.advice]) {
      expect(plain(phrase ?? [])).toMatch(/^[^\n]{8,200}\.$/);
    }
  });
});

test("the rows use every rule", () => {
  const used = new Set(ROWS.flatMap(([, , , there, back]) => [there[0], back[0]]));
  expect([...used].sort()).toEqual(Object.keys(WORDS_OF_FACTS).sort());
});

test.each([
  ["outputs", paint(made(image)), paint(named)],
  ["names", paint(named), paint({})],
  ["flags", paint(named, { hidden: true }), paint({})],
])("%s that one side does not know are no change", (_, one, other) => {
  expect(compare(one, other).changes).toEqual([]);
  expect(compare(other, one).changes).toEqual([]);
});

describe("--usage", () => {
  const IMPORT = `import { paint } from "visionatrix-client/flows/paint";\n`;

  /** The places in a file that a change affects, as `line what`. */
  function used(old: Model, now: Model, text: string): string[] {
    const folder = mkdtempSync(join(tmpdir(), "vix-usage-"));
    try {
      writeFileSync(join(folder, "a.ts"), IMPORT + text);
      writeFileSync(join(folder, "other.ts"), `file.is("video");\n`);
      const changes = withUsage(compare(old, now).changes, [join(folder, "*.ts")], folder);
      return changes.flatMap(({ usage = [] }) =>
        usage.map(({ file, line, what }) => `${file}:${line} ${what}`),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const both = paint(made(image, video));
  const CALLER = `const { files } = await paint(client, { prompt: "a" }).result();
files.find((file) => file.is("video"));
files.filter((file) => file.kind === "video");
let clip: ResultFile<"video"> | undefined;
files.find(({ nodeId }) => nodeId === 20);
files.find((file) => file.is("image"));
log("video", 20);
`;

  test("shows code that names a lost kind, and nothing else", () => {
    expect(used(both, paint(made(image)), CALLER)).toEqual([
      'a.ts:3 file.is("video")',
      'a.ts:4 file.kind === "video"',
      'a.ts:5 "video"',
      "a.ts:6 nodeId === 20",
    ]);
  });

  test("shows every call if the flow made nothing else", () => {
    const draws = paint(made({ node: 9, kind: "text" }));
    expect(used(paint(made(image)), draws, CALLER)).toEqual([
      'a.ts:2 paint(client, { prompt: "a" })',
      'a.ts:7 file.is("image")',
    ]);
  });

  test("shows only the node if the kind is still made", () => {
    const twice = paint(made(image, { node: 20, kind: "image" }));
    expect(used(twice, paint(made(image)), CALLER)).toEqual(["a.ts:6 nodeId === 20"]);
  });
});

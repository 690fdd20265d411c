/* eslint-disable no-control-regex -- control characters are what these tests look for */
/** Descriptions that attack the reader of the report. */
import { describe, expect, test } from "vitest";
import { formatGithub } from "../../../codegen/src/diff/format/github.js";
import { formatJson } from "../../../codegen/src/diff/format/json.js";
import { formatMarkdown } from "../../../codegen/src/diff/format/markdown.js";
import { formatText } from "../../../codegen/src/diff/format/text.js";
import { locate } from "../../../codegen/src/diff/locate.js";
import type { Report } from "../../../codegen/src/diff/report.js";
import { writeCanonical } from "../../../codegen/src/canonical/write.js";
import type { Model } from "../../../codegen/src/model/flow.js";
import { compare, model, p } from "./support.js";

const HOSTILE: readonly string[] = [
  "::error::pwned",
  "\n::error file=a,line=1::pwned",
  "\r\n::add-mask::x",
  "%0A::error::pwned",
  "##[error]pwned",
  "x ##[group]x",
  "::stop-commands::x",
  "[click](https://evil.example)",
  "![](https://evil.example/x.png)",
  "<https://evil.example>",
  "https://evil.example",
  "www.evil.example",
  "evil@example.com",
  "@octocat",
  "@org/team",
  "#1",
  "octo/repo#1",
  "GH-1",
  "<script>alert(1)</script>",
  "</code></details></table><h1>x",
  "<!-- comment",
  "<img src=x onerror=alert(1)>",
  "&lt;b&gt; &#64;octocat",
  "`code` @octocat",
  "``` @octocat",
  "`",
  "``",
  "a`b``c```d",
  "\\",
  "\\`",
  "a\\|b",
  "a|b",
  "| --- |",
  "|",
  "**bold** _it_ ~~x~~",
  "# heading",
  "- [ ] task",
  "$`math`$",
  "$$x$$",
  "\u001b[31mred\u001b[0m",
  "\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007",
  "\u009b31mred",
  "\u0007\b\b\b",
  "\u202egnp.exe\u202c",
  "\u2066x\u2069",
  "a\u2028b\u2029c",
  "\u0000",
  "\ufeffx",
  "\u200b",
  " ",
  "\t",
  "🎨",
  "{{x}} ${x}",
  "__proto__",
  "constructor",
  "x".repeat(5_000),
  "|".repeat(2_000),
  "`".repeat(2_000),
];

/** Both sides of a comparison, with the text in every place where a description can have one. */
function sides(text: string): readonly [Model, Model] {
  const id = /[/\\{}]|^\.{0,2}$/.test(text) ? `flow ${text.replace(/[/\\{}]/g, "")}` : text;
  const old = model({
    [id === "__proto__" ? "proto" : id]: [
      p("removed", "text", { default: text }),
      p("label", "text", { label: "before" }),
      p("preset", "text", { default: "before" }),
      p("choice", "choice", { choices: [text, "b"] }),
      p("media", "file", { accept: text }),
      p("turned", "choice", { choices: [text] }),
    ],
  });
  const now = model({
    [id === "__proto__" ? "proto" : id]: [
      p(`new ${text}`, "choice", { choices: [text, "b"], required: true }),
      p("label", "text", { label: `after ${text}` }),
      p("preset", "text", { default: `after ${text}` }),
      p("choice", "choice", { choices: ["b"] }),
      p("media", "file", { accept: "video/*" }),
      p("turned", "boolean"),
    ],
  });
  return [old, now];
}

const TAME = "tame";

function reportOn(text: string): Report {
  const found = compare(...sides(text));
  const usage = [{ file: `${text}.ts`, line: 1, column: 1, what: text }];
  return { ...found, changes: found.changes.map((change) => ({ ...change, usage })) };
}

const tame = reportOn(TAME);
const NOT_PLAIN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Our own part of a Markdown text: everything except code. */
function skeleton(markdown: string): string {
  return markdown.replace(/<code>[^<>`|@[\]\\]*<\/code>|`[^`\n|\\]*`/g, "CODE");
}

describe.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 40), text] as const))(
  "%s",
  (_, text) => {
    const found = reportOn(text);

    test("is reported like any other text", () => {
      expect(found.changes.map(({ rule }) => rule).sort()).toEqual(
        tame.changes.map(({ rule }) => rule).sort(),
      );
    });

    test("in Markdown is code and nothing else", () => {
      const markdown = formatMarkdown(found);
      expect(skeleton(markdown)).toBe(skeleton(formatMarkdown(tame)));
      expect(markdown).not.toMatch(NOT_PLAIN);
      expect(markdown).not.toContain("##[");
      expect(markdown.length).toBeLessThan(65_536);
    });

    test("on a terminal is one visible line that commands nothing", () => {
      const plain = formatText(found, { color: false, old: text, now: text });
      expect(plain).not.toMatch(NOT_PLAIN);
      expect(plain).not.toMatch(/^\s*::/m);
      expect(plain).not.toContain("##[");
      const lines = formatText(tame, { color: false, old: TAME, now: TAME }).split("\n").length;
      expect(plain.split("\n")).toHaveLength(lines);
    });

    test("on a terminal with colour adds no code to ours", () => {
      const colored = formatText(found, { color: true, old: text, now: text });
      expect(colored.replace(/\u001b\[(?:[0-2]|3[1-6])m/g, "")).not.toMatch(NOT_PLAIN);
    });

    test("in annotations starts no command of its own", () => {
      const options = { file: `a,${text}`, locator: locate(writeCanonical(sides(text)[1])) };
      const lines = formatGithub(found, options).trimEnd().split("\n");
      expect(lines).toHaveLength(found.changes.length + 1);
      for (const line of lines) {
        expect(line).toMatch(/^::(?:error|warning|notice) [^:\r\n]*::/);
        expect(line).not.toMatch(NOT_PLAIN);
        expect(line).not.toContain("##[");
      }
    });

    test("in JSON is exact, visible, and commands nothing", () => {
      const json = formatJson(found);
      const parsed = JSON.parse(json) as { changes: { rule: string; before: unknown }[] };
      const choice = parsed.changes.find(({ rule }) => rule === "param-choice-removed");
      expect(choice?.before).toEqual([text]);
      expect(json).not.toMatch(NOT_PLAIN);
      expect(json).not.toContain("##[");
      expect(json).not.toMatch(/^\s*::/m);
    });
  },
);

/** Pages in Chinese match those in English: headings of the same levels, the same code in the same order. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blocksOf, type Block } from "./support/blocks.js";

const PAIRS: readonly (readonly [english: string, chinese: string])[] = [
  ["README.md", "README.zh-CN.md"],
  ...readdirSync("docs/zh").map((name) => [`docs/${name}`, `docs/zh/${name}`] as const),
];

const FOUR = ["files.md", "from-python.md", "getting-started.md", "runs.md"];

/** The levels of the headings, outside of code. */
function outline(page: string): string[] {
  const prose = readFileSync(page, "utf8").replace(/^```.*?^```/gms, "");
  return [...prose.matchAll(/^(#+) /gm)].map(([, level = ""]) => level);
}

/** Rows of tables, outside of code. */
function rows(page: string): number[] {
  const prose = readFileSync(page, "utf8").replace(/^```.*?^```/gms, "");
  return [...prose.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => table.split("\n").length);
}

/** The code of a block; comments and displayed texts may be in the reader's language. */
function code({ language, file, text, notes }: Block): unknown {
  const neutral = text.replace(/(^|\s)(\/\/|#) .*$/gm, "").replace(/console\.log\(.*\)/g, "");
  return { language, file, notes: Object.keys(notes), neutral };
}

describe.each(PAIRS)("%s and %s", (english, chinese) => {
  it("have the same headings and tables", () => {
    expect(outline(chinese)).toEqual(outline(english));
    expect(rows(chinese)).toEqual(rows(english));
  });

  it("have the same code", () => {
    expect(blocksOf(chinese).map(code)).toEqual(blocksOf(english).map(code));
  });
});

it("The first four pages are there in Chinese", () => {
  expect(readdirSync("docs/zh").sort()).toEqual(FOUR);
});

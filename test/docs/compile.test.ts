/**
 * Every TypeScript block of the pages compiles as printed against the packed packages: under `strict`, and
 * with the settings that `tsc --init` of TypeScript 5.9 writes. JavaScript and JSON are parsed.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, type Block } from "./support/blocks.js";
import { contextOf } from "./support/context.js";
import { PAGES } from "./support/pages.js";
import { createScratch, removeScratch } from "./support/scratch.js";

const TSC = resolve("node_modules/typescript/bin/tsc");

const blocks = PAGES.flatMap(blocksOf).filter(({ notes }) => notes["not run"] === undefined);
const typed = blocks.filter(({ language }) => language === "ts" || language === "tsx");

/** Replaces the module that vix-codegen writes for the flow of the reader's own server. */
const MY_FLOW = `import { defineFlow, type Flow } from "visionatrix-client";
export const myFlow: Flow<{ prompt: string }, "image"> = defineFlow(
  "my_flow",
  [{ name: "prompt", type: "text", required: true }],
  { outputs: [{ node: 9, kind: "image" }] },
);
`;

/** Types that `"types": []` of `tsc --init` leaves out; the pages say to add `"node"` for them. */
const needsNode = ({ text, notes }: Block): boolean =>
  /\bprocess\b|\bBuffer\b|"node:|from "(?!visionatrix-client)/.test(text + (notes.given ?? ""));

let scratch: string;
beforeAll(async () => {
  scratch = await createScratch();
});
afterAll(async () => {
  await removeScratch(scratch);
});

/** Compiles blocks in their own folder. Returns the compiler's messages, by page and line. */
async function compile(name: string, list: readonly Block[], options?: object): Promise<string> {
  const folder = join(scratch, name);
  await mkdir(folder, { recursive: true });
  await mkdir(join(folder, "vix/flows"), { recursive: true });
  await writeFile(join(folder, "vix/flows/my_flow.ts"), MY_FLOW);
  const places = new Map<string, Block>();
  for (const [index, block] of list.entries()) {
    const file = `block${index}.m${block.language}`.replace("mtsx", "tsx");
    places.set(file, block);
    const text = [block.text, block.notes.given, "export {};"].filter(Boolean).join("\n");
    await writeFile(join(folder, file), `${text}\n${contextOf(text)}\n`);
  }
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  if (options)
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
  else await promisify(execFile)(process.execPath, [TSC, "--init"], { cwd: folder });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [TSC, "-p", ".", "--noEmit", "--pretty", "false"],
    { cwd: folder },
  ).catch((error: unknown) => error as { stdout: string });
  return stdout.replace(/^(block[^(]+)\((\d+)/gm, (_, file: string, line: string) => {
    const block = places.get(file);
    return block ? `${block.page}:${block.line + Number(line)}` : file;
  });
}

describe("TypeScript of the pages", () => {
  it("compiles under strict", async () => {
    expect(typed.length).toBeGreaterThan(40);
    const options = { strict: true, module: "nodenext", target: "es2022", jsx: "react-jsx" };
    expect(
      await compile("strict", typed, {
        ...options,
        lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
        types: ["node"],
        skipLibCheck: true,
      }),
    ).toBe("");
  });

  it("compiles under what tsc --init writes", async () => {
    const portable = typed.filter((block) => !needsNode(block));
    expect(portable.length).toBeGreaterThan(15);
    expect(await compile("init", portable)).toBe("");
  });

  it("compiles under the same with the types of Node", async () => {
    const init = join(scratch, "init/tsconfig.json");
    const text = (await readFile(init, "utf8")).replace(/^\s*\/\/.*$|,\s*(?=\n\s*\})/gm, "");
    const { compilerOptions } = JSON.parse(text) as { compilerOptions: object };
    const options = { ...compilerOptions, types: ["node"] };
    expect(await compile("init-node", typed.filter(needsNode), options)).toBe("");
  });
});

describe("Other code of the pages", () => {
  it.each(
    blocks
      .filter(({ language }) => language === "js" || language === "json")
      .map((block) => [`${block.page}:${block.line}`, block] as const),
  )("parses: %s", async (_, { language, text }) => {
    await transform(text, { loader: language === "json" ? "json" : "js" });
  });

  it("is of a language that the tests know", () => {
    const known = ["ts", "tsx", "js", "json", "sh", "console", "text", "diff", "mermaid"];
    const others = blocks.filter(({ language }) => !known.includes(language));
    expect(others.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });
});

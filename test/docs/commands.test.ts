/**
 * Runs every command of the pages as printed, with the programs that the pages tell the reader to save,
 * against a stand-in. Each page has its own folder in a project with the packed packages. The READMEs start
 * in a copy of what the repository packs.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { startStandin } from "visionatrix-standin";
import { blocksOf, type Block } from "./support/blocks.js";
import { PAGES } from "./support/pages.js";
import { createScratch, removeScratch } from "./support/scratch.js";
import { freePort } from "../support/free-port.js";
import { openShell } from "./support/shell.js";

const isShell = ({ language }: Block): boolean => ["sh", "console"].includes(language);
const runs = (block: Block): boolean => isShell(block) && block.notes["not run"] === undefined;
const pages = PAGES.map((page) => ({ page, blocks: blocksOf(page) }));

/** The Chinese pages have the same blocks, which languages.test.ts checks. */
const english = pages.filter(({ page }) => !/zh[-/]/.test(page));

/** The typed commands of a block that shows a dialogue. */
const commandsOf = ({ language, text }: Block): string =>
  language === "console"
    ? [...text.matchAll(/^\$ (.*)/gm)].map(([, line]) => line).join("\n")
    : text;

let scratch: string;
beforeAll(async () => {
  scratch = await createScratch();
});
afterAll(async () => {
  await removeScratch(scratch);
});

/** Files that the pages' commands expect: pictures and lists of prompts. */
async function fillFolder(folder: string): Promise<void> {
  await promisify(execFile)("git", ["init", "--quiet"], { cwd: folder });
  await cp("specs", join(folder, "specs"), { recursive: true });
  for (const name of ["photo.jpg", "image.jpg"])
    await cp("examples/still-life.jpg", join(folder, name));
  const line = { flow: "sdxl_lighting", params: { prompt: "a harbour" } };
  await writeFile(join(folder, "prompts.jsonl"), `${JSON.stringify(line)}\n`);
  await writeFile(join(folder, "prompts.csv"), "prompt\na harbour in the fog\n");
}

/** Copies what `npm pack` reads, so that a page can leave files beside the repository. */
async function copyRepository(folder: string): Promise<void> {
  const copy = ["README.md", "LICENSE", "bin", "dist", "docs"];
  const paths = ["ai-provider", "codegen", "mcp", "standin"];
  for (const path of ["package.json", ...copy, ...paths])
    await cp(path, join(folder, path), {
      recursive: true,
      filter: (source) => !/(^|\/)(node_modules|src)$/.test(source) || source.includes("dist/"),
    });
}

async function follow(
  page: string,
  blocks: readonly Block[],
  { onTestFinished }: TestContext,
): Promise<void> {
  const home = join(scratch, page.replace(/\W/g, "-"));
  const folder = page.startsWith("README") ? join(home, "repository") : home;
  await mkdir(join(home, "pictures"), { recursive: true });
  if (page.startsWith("README")) await copyRepository(folder);
  else await mkdir(folder, { recursive: true });
  const port = await freePort();
  if (!blocks.some(({ notes }) => "stays running" in notes)) {
    const standin = await startStandin({
      port,
      auth: "admin:admin",
      speed: "instant",
      history: 12,
    });
    onTestFinished(() => standin.close());
  }
  const ports = { 8288: port, 8765: await freePort() };
  const shell = openShell(folder, ports, {
    HOME: home,
    VIX_URL: "http://localhost:8288",
    VIX_USERNAME: "admin",
    VIX_PASSWORD: "admin",
    PATH: `${join(scratch, "node_modules/.bin")}:${process.env["PATH"]}`,
    XDG_CONFIG_HOME: join(home, "config"),
    // The build exists already, and so do the packages in the lock file.
    npm_config_ignore_scripts: "true",
    npm_config_prefer_offline: "true",
  });
  onTestFinished(() => shell.close());
  for (const block of blocks) {
    await fillFolder(shell.cwd());
    if (block.file) await shell.run(`cat > '${block.file}' <<'VIX-END'\n${block.text}VIX-END`);
    if (!runs(block)) continue;
    if ("stays running" in block.notes) await shell.serve(commandsOf(block));
    else await shell.run(commandsOf(block));
  }
}

describe.concurrent("Commands of", () => {
  for (const { page, blocks } of english)
    if (blocks.some(runs)) it(page, (test) => follow(page, blocks, test));
});

describe("Commands that are not run", () => {
  it("say why", () => {
    const silent = pages
      .flatMap(({ blocks }) => blocks)
      .filter(({ notes }) => notes["not run"] !== undefined && notes["not run"].length < 10);
    expect(silent.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  it("name targets that the Makefile has", async () => {
    const targets = [...(await readFile("Makefile", "utf8")).matchAll(/^([\w-]+):/gm)];
    const known = new Set(targets.map(([, name]) => name));
    const texts = pages.flatMap(({ blocks }) => blocks.filter(isShell).map(({ text }) => text));
    const named = texts.flatMap((text) => [...text.matchAll(/^make ([\w-]+)/gm)]);
    expect(named.length).toBeGreaterThan(1);
    expect(named.map(([, name]) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});

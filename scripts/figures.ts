/**
 * Quotes the first table of bench/RESULTS.md in both READMEs. Run after `make bench`: npx tsx scripts/figures.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";
import { filledIn } from "./fill-in.js";

const RESULTS = "bench/RESULTS.md";

const INTRODUCTION: Readonly<Record<string, string>> = {
  "README.md": `From \`${RESULTS}\`, written by \`make bench\`; each figure is compared with peers in the same run.`,
  "README.zh-CN.md": `数据来自 \`make bench\` 生成的 \`${RESULTS}\`；每项都与同类工具在同一次运行中比较。`,
};

const table = /(?:^\|.*\n)+/m.exec(await readFile(RESULTS, "utf8"))?.[0];
if (!table) throw new Error(`${RESULTS} has no table.`);
for (const [path, introduction] of Object.entries(INTRODUCTION)) {
  const page = filledIn(await readFile(path, "utf8"), "figures", `${introduction}\n\n${table}`);
  await writeFile(path, await format(page, { parser: "markdown", printWidth: 100 }));
}

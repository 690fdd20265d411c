/**
 * Copies the first table of bench/RESULTS.md into both READMEs.
 * Run after `make bench`: npx tsx scripts/figures.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";
import { filledIn } from "./fill-in.js";

const RESULTS = "bench/RESULTS.md";

/** The Chinese text for a cell of the table. A cell that matches no pattern is an error. */
const CHINESE: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/^what$/, "项目"],
  [/^measured$/, "实测"],
  [/^generate (\d+) flows$/, "生成 $1 个流程"],
  [/^([\d.]+) × the time of (.+)$/, "$2 用时的 $1 倍"],
  [/^wait for (\d+) tasks at once$/, "同时等待 $1 个任务"],
  [
    /^([\d.]+) progress requests a task; the guide's loop ([\d.]+)$/,
    "每个任务 $1 次进度请求；指南的轮询循环为 $2 次",
  ],
  [/^(\d+) runs, (\d+) % of all requests go wrong$/, "运行 $1 次，其间 $2% 的请求出错"],
  [/^(\d+) lost, (\d+) doubled, (\d+) uncertain$/, "丢失 $1 个，重复 $2 个，不确定 $3 个"],
  [/^the same beside four busy loops on two cores$/, "同上，双核机器上另有四个占满 CPU 的循环"],
  [/^create requests that arrive (\d+) s late$/, "创建请求晚到 $1 秒"],
  [/^(\d+) runs, (\d+) tasks in the end$/, "运行 $1 次，最终 $2 个任务"],
  [/^a flow in a web page$/, "在网页中使用一个流程"],
  [
    /^([\d.]+) kB gzip; each further flow about ([\d.]+) kB$/,
    "gzip 后 $1 kB；每多一个流程约增加 $2 kB",
  ],
  [/^start of (.+)$/, "$1 的启动用时"],
  [/^([\d.]+) × an empty Node\.js process$/, "空 Node.js 进程的 $1 倍"],
];

function inChinese(cell: string): string {
  const [pattern, text] = CHINESE.find(([pattern]) => pattern.test(cell)) ?? [];
  if (!pattern || !text) throw new Error(`scripts/figures.ts has no Chinese for: ${cell}`);
  return cell.replace(pattern, text);
}

/** Every cell of a table, except for the line below its head. */
function translated(table: string): string {
  return table.replace(/[^|\n]+/g, (cell) =>
    /^[\s:-]*$/.test(cell) ? cell : ` ${inChinese(cell.trim())} `,
  );
}

const table = /(?:^\|.*\n)+/m.exec(await readFile(RESULTS, "utf8"))?.[0];
if (!table) throw new Error(`${RESULTS} has no table.`);

const QUOTES: Readonly<Record<string, string>> = {
  "README.md": `From \`${RESULTS}\`, written by \`make bench\`; each figure is compared with peers in the same run.\n\n${table}`,
  "README.zh-CN.md": `数据来自 \`make bench\` 生成的 \`${RESULTS}\`；每项数据都与同类工具在同一次测试中对比得出。\n\n${translated(table)}`,
};
for (const [path, quote] of Object.entries(QUOTES)) {
  const page = filledIn(await readFile(path, "utf8"), "figures", quote);
  await writeFile(path, await format(page, { parser: "markdown", printWidth: 100 }));
}

/**
 * Runs all benches one by one, and writes their output to `bench/RESULTS.md`, with the machine and the
 * versions. Exits with 1 if a bench misses one of its limits. It takes about half an hour, and needs an
 * otherwise idle machine.
 * Run: make bench, or npx tsx bench/all.ts [NAME…] to renew some and keep the others as they are
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { format } from "prettier";

const FILE = "bench/RESULTS.md";

/** In the order of the page: file name, and the arguments for the figures. */
const BENCHES: Readonly<Record<string, readonly string[]>> = {
  size: [],
  cli: [],
  codegen: ["--sizes", "52,520", "--peers", "hey-api,orval"],
  diff: [],
  watch: [],
  late: [],
  soak: [],
  bytes: [],
  browser: [],
  report: [],
  scaling: [],
  standin: [],
};

/** The table at the top: what was measured, in which bench, where its figures are, and how to print them. */
const HIGHLIGHTS: readonly (readonly [
  what: string,
  bench: string,
  figures: RegExp,
  tell: (...figures: string[]) => string,
])[] = [
  [
    "generate 52 flows",
    "codegen",
    /^hey-api 0\.95 .*? ([\d.]+)×/m,
    (ratio) => `${ratio} × the time of hey-api 0.95`,
  ],
  [
    "generate 520 flows",
    "codegen",
    /^orval 7\.21 .* ([\d.]+)×\s*$/m,
    (ratio) => `${ratio} × the time of orval 7.21`,
  ],
  [
    "wait for 200 tasks at once",
    "watch",
    /progress requests per finished task +([\d.]+) +([\d.]+)/,
    (ours, guide) => `${ours} progress requests a task; the guide's loop ${guide}`,
  ],
  [
    "500 runs, 5 % of all requests go wrong",
    "soak",
    /^quiet .*?(\d+) lost, (\d+) doubled, .*?(\d+) uncertain/m,
    (lost, doubled, uncertain) => `${lost} lost, ${doubled} doubled, ${uncertain} uncertain`,
  ],
  [
    "the same beside four busy loops on two cores",
    "soak",
    /^starved .*?(\d+) lost, (\d+) doubled, .*?(\d+) uncertain/m,
    (lost, doubled, uncertain) => `${lost} lost, ${doubled} doubled, ${uncertain} uncertain`,
  ],
  [
    "create requests that arrive 60 s late",
    "late",
    /late by +60 s: (\d+) runs, (\d+) tasks/,
    (runs, tasks) => `${runs} runs, ${tasks} tasks in the end`,
  ],
  [
    "a flow in a web page",
    "size",
    /^a text flow, to its picture +(\d+)/m,
    (bytes) => `${(Number(bytes) / 1000).toFixed(1)} kB gzip; each further flow about 0.3 kB`,
  ],
  [
    "start of `vix --help`",
    "cli",
    /^vix --help: ([\d.]+) ×/m,
    (ratio) => `${ratio} × an empty Node.js process`,
  ],
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(", ")}.`);

const outcomes = sectionsOf(existsSync(FILE) ? readFileSync(FILE, "utf8") : "");
const missed: string[] = [];
for (const [name, args] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`== ${name}`);
  const load = loadavg()[0] ?? 0;
  const { output, code } = await run(name, args);
  if (code !== 0) missed.push(name);
  const command = ["npx tsx", `bench/${name}.ts`, ...args].join(" ");
  const when = new Date().toISOString().slice(0, 10);
  const verdict = code === 0 ? "" : " A limit was missed.";
  outcomes.set(
    name,
    `\`${command}\`, ${when}, load ${load.toFixed(1)} before it began.${verdict}\n\n\`\`\`text\n${output.trimEnd()}\n\`\`\``,
  );
  writeFileSync(FILE, await format(page(outcomes), { parser: "markdown", printWidth: 100 }));
}
if (missed.length > 0) {
  console.error(`Not as fast or as small as asked: ${missed.join(", ")}`);
  process.exitCode = 1;
}

async function run(
  name: string,
  args: readonly string[],
): Promise<{ output: string; code: number }> {
  const child = spawn(process.execPath, ["--import", "tsx", `bench/${name}.ts`, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    output += piece;
    process.stdout.write(piece);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { output, code: code ?? 1 };
}

/** The page's current text about each bench. */
function sectionsOf(text: string): Map<string, string> {
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section): [string, string] => {
      const end = section.indexOf("\n");
      return [section.slice(0, end).trim(), section.slice(end).trim()];
    }),
  );
}

function page(found: ReadonlyMap<string, string>): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${release()}`;
  const sections = Object.keys(BENCHES).flatMap((name) => {
    const body = found.get(name);
    return body === undefined ? [] : [`## ${name}\n\n${body}`];
  });
  return `${[
    "# Measured",
    "Written by `make bench`. What each bench does stands at the top of its file. Ratios are against the peer in the same run.",
    highlights(found),
    `Machine: ${machine}. Node ${process.versions.node}, ${chromium()}, commit ${commit()}.`,
    ...sections,
  ].join("\n\n")}\n`;
}

function highlights(found: ReadonlyMap<string, string>): string {
  const rows = HIGHLIGHTS.flatMap(([what, bench, figures, tell]) => {
    const match = figures.exec(found.get(bench) ?? "");
    return match ? [`| ${what} | ${tell(...match.slice(1))} |`] : [];
  });
  return ["| what | measured |", "| --- | --- |", ...rows].join("\n");
}

function chromium(): string {
  try {
    const path = process.env["CHROMIUM"] ?? "chromium";
    const version = execFileSync(path, ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^\S+ [\d.]+/.exec(version)?.[0] ?? version.trim();
  } catch {
    return "no Chromium";
  }
}

function commit(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
}

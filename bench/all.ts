/**
 * Runs all benches, one after the other, and writes what they print to `bench/RESULTS.md`, with the machine and
 * the versions. Ends with exit code 1 where one missed a limit of its own. It takes about half an hour, and
 * wants a machine that does nothing else.
 * Run: make bench, or npx tsx bench/all.ts [NAME…] to renew some and keep the others as they are
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

const FILE = "bench/RESULTS.md";

/** In the order of the page: name of the file, and the arguments that the figures are for. */
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
  writeFileSync(FILE, page(outcomes));
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

/** What the page says of each bench already. */
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
    `Machine: ${machine}. Node ${process.versions.node}, ${chromium()}, commit ${commit()}.`,
    ...sections,
  ].join("\n\n")}\n`;
}

function chromium(): string {
  try {
    const path = process.env["CHROMIUM"] ?? "chromium";
    const version = execFileSync(path, ["--version"], { encoding: "utf8" });
    return /^\S+ [\d.]+/.exec(version)?.[0] ?? version.trim();
  } catch {
    return "no Chromium";
  }
}

function commit(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
}

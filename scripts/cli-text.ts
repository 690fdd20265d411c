/**
 * Writes what a run and a batch say into README.md, between two marks, from a real run against the
 * stand-in. Run after `npm run build`: npx tsx scripts/cli-text.ts
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startStandin } from "visionatrix-standin";

const BIN = fileURLToPath(new URL("../bin/vix.js", import.meta.url));
const README = fileURLToPath(new URL("../README.md", import.meta.url));
const BEGIN = "<!-- Made by scripts/cli-text.ts. -->\n";
const END = "<!-- End. -->";

const PROMPTS = `prompt,count
"a lighthouse at dawn, oil on canvas",2
a harbour in the fog,1
"a gull, ink on paper",1
`;

const standin = await startStandin({ speed: 1, duration: [800, 1600], workers: 2 });
const folder = await mkdtemp(join(tmpdir(), "vix-readme-"));
try {
  await writeFile(join(folder, "prompts.csv"), PROMPTS);
  const shown = [
    await said('vix run sdxl_lighting --prompt "a lighthouse at dawn" --seed 7 --count 2'),
    await said("vix batch prompts.csv -o night --flow sdxl_lighting"),
    await said(
      "vix batch prompts.csv -o night --flow sdxl_lighting",
      "again: nothing is left to do",
    ),
  ];
  const readme = await readFile(README, "utf8");
  const from = readme.indexOf(BEGIN) + BEGIN.length;
  const to = readme.indexOf(END);
  if (from < BEGIN.length || to < from) throw new Error("README.md has lost its marks.");
  const text = `\n\`\`\`text\n${shown.join("\n\n")}\n\`\`\`\n\n`;
  await writeFile(README, readme.slice(0, from) + text + readme.slice(to));
} finally {
  await rm(folder, { recursive: true, force: true });
  await standin.close();
}

/** A command with its output, as it stands in a file or a pipe. */
async function said(command: string, remark = ""): Promise<string> {
  const line = command.replace(/^vix/, `"${process.execPath}" "${BIN}"`);
  const { stdout } = await promisify(execFile)("sh", ["-c", `${line} 2>&1`], {
    cwd: folder,
    env: { ...process.env, VIX_URL: standin.url },
  });
  return `$ ${command}${remark && `  # ${remark}`}\n${stdout.trimEnd()}`;
}

/**
 * Writes the output of a run and a batch into the READMEs and docs/cli.md, between two marks, from real runs
 * against the stand-in. Run after `npm run build`: npx tsx scripts/cli-text.ts
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startStandin } from "visionatrix-standin";
import { fillIn } from "./fill-in.js";

const BIN = fileURLToPath(new URL("../bin/vix.js", import.meta.url));

const PROMPTS = `prompt,count
"a lighthouse at dawn, oil on canvas",2
a harbour in the fog,1
"a gull, ink on paper",1
`;

const standin = await startStandin({ speed: 1, duration: [800, 1600], workers: 2 });
const folder = await mkdtemp(join(tmpdir(), "vix-readme-"));
try {
  await writeFile(join(folder, "prompts.csv"), PROMPTS);
  const run = await said(
    'vix run sdxl_lighting --prompt "a lighthouse at dawn" --seed 7 --count 2',
  );
  for (const page of ["README.md", "README.zh-CN.md"]) await fillIn(page, "vix run", run);
  const batch = "vix batch prompts.csv -o night --flow sdxl_lighting";
  const first = await said(batch);
  const again = await said(batch, "again: nothing is left to do");
  await fillIn("docs/cli.md", "vix batch", `${first}\n\n${again}`);
} finally {
  await rm(folder, { recursive: true, force: true });
  await standin.close();
}

/** A command with its output, as in a file or a pipe. */
async function said(command: string, remark = ""): Promise<string> {
  const line = command.replace(/^vix/, `"${process.execPath}" "${BIN}"`);
  const { stdout } = await promisify(execFile)("sh", ["-c", `${line} 2>&1`], {
    cwd: folder,
    env: { ...process.env, VIX_URL: standin.url },
  });
  return `$ ${command}${remark && `  # ${remark}`}\n${stdout.trimEnd()}`;
}

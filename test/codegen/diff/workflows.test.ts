/** The workflows: least permissions, pinned actions, and no text from outside in a shell. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const NAMES = ["spec-diff", "spec-watch"];

describe.each(NAMES)("%s.yml", (name) => {
  const url = new URL(`../../../.github/workflows/${name}.yml`, import.meta.url);
  const text = readFileSync(url, "utf8");
  const lines = text.split("\n");

  const scripts = scriptLines(lines);

  test("gives nothing by default, and each job its own permissions", () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    const jobs = [...text.slice(text.indexOf("\njobs:")).matchAll(/^ {2}([a-z]+):$/gm)];
    const permissions = [...text.matchAll(/^ {4}permissions:/gm)];
    expect(permissions).toHaveLength(jobs.length);
  });

  test("pins each action to a commit, with its release beside it", () => {
    const uses = lines.filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(2);
    for (const line of uses)
      expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("puts no expression into a shell", () => {
    expect(scripts.length).toBeGreaterThan(10);
    for (const line of scripts) expect(line).not.toContain("${{");
  });

  test("takes nothing but numbers, hashes and flags from the event", () => {
    const allowed =
      /^(?:github\.event\.pull_request\.(?:number|base\.sha|head\.sha)|contains\(github\.event\.pull_request\.labels\.\*\.name, env\.LABEL\)|github\.(?:token|repository|ref_name)|runner\.temp|steps\.\w+\.outputs\.\w+|needs\.\w+\.outputs\.\w+|vars\.VIX_URL|secrets\.VIX_\w+)$/;
    for (const [, expression] of text.matchAll(/\$\{\{ (.*?) \}\}/g))
      expect(expression).toMatch(allowed);
  });

  test("runs no code where it may write", () => {
    const jobs = text.slice(text.indexOf("\njobs:")).split(/^(?= {2}[a-z]+:$)/m);
    for (const job of jobs.filter((one) => /: write$/m.test(one))) {
      expect(job).not.toMatch(/\bnpm |npx |node |setup-node/);
    }
  });
});

test("spec-diff checks out nothing of the pull request", () => {
  const url = new URL("../../../.github/workflows/spec-diff.yml", import.meta.url);
  const text = readFileSync(url, "utf8");
  expect(text).toContain("pull_request_target:");
  expect(text).not.toMatch(/^\s*ref:|^\s*repository:/m);
  expect(text.match(/actions\/checkout@/g)).toHaveLength(1);
  expect(text).toContain("persist-credentials: false");
});

describe("the comparison of spec-diff", () => {
  const top = fileURLToPath(new URL("../../../", import.meta.url));
  const snapshot = "specs/flows.openapi.json";
  const breaking = readFileSync(join(top, snapshot), "utf8").replace('"4 steps", ', "");

  test.each([
    ["fine", { old: undefined, now: undefined }, "Nothing that a caller can notice has changed."],
    ["breaking", { old: undefined, now: breaking }, "1 breaking"],
    ["failed", { old: undefined, now: "{" }, "The comparison failed"],
    ["fine", { old: null, now: undefined }, "there is nothing to compare"],
  ])("says %s", (verdict, { old, now }, words) => {
    const folder = mkdtempSync(join(tmpdir(), "vix-workflow-"));
    try {
      for (const [side, text] of [
        ["old", old],
        ["new", now],
      ] as const) {
        mkdirSync(join(folder, side, "specs"), { recursive: true });
        if (text === undefined) copyFileSync(join(top, snapshot), join(folder, side, snapshot));
        else if (text !== null) writeFileSync(join(folder, side, snapshot), text);
      }
      // npx would take longer than all the rest.
      const command = join(top, "codegen/bin/vix-codegen.js");
      const npx = `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${command}' "$@"\n`;
      writeFileSync(join(folder, "npx"), npx, { mode: 0o755 });
      const env = {
        ...process.env,
        PATH: `${folder}:${process.env["PATH"] ?? ""}`,
        RUNNER_TEMP: folder,
        SNAPSHOT: snapshot,
        IGNORE: "specs/diff-ignore.json",
        GITHUB_OUTPUT: join(folder, "output"),
        GITHUB_STEP_SUMMARY: join(folder, "summary"),
      };
      execFileSync("bash", ["-e", "-c", comparisonScript()], { cwd: top, env, stdio: "pipe" });
      expect(readFileSync(join(folder, "output"), "utf8")).toBe(`verdict=${verdict}\n`);
      const comment = readFileSync(join(folder, "comment.md"), "utf8");
      expect(comment).toMatch(/^<!-- vix-codegen diff -->\n/);
      expect(comment).toContain(words);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  function comparisonScript(): string {
    const text = readFileSync(join(top, ".github/workflows/spec-diff.yml"), "utf8");
    const step = text.slice(text.indexOf("        id: diff\n"));
    return scriptLines(step.slice(0, step.indexOf("      - uses:")).split("\n")).join("\n");
  }
});

/** The lines of all `run` blocks. */
function scriptLines(lines: readonly string[]): string[] {
  let margin = Infinity;
  return lines.filter((line) => {
    const indent = line.search(/\S/);
    if (indent >= 0 && indent <= margin) margin = Infinity;
    const isInside = margin < Infinity;
    if (/^ *(?:- )?run: \|$/.test(line)) margin = indent;
    return isInside || /^ *(?:- )?run: [^|]/.test(line);
  });
}

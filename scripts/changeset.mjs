/**
 * Runs changesets in a temporary folder, because they ignore the package at the root of a repository: there,
 * it is next to the others. Their output is copied back. Run: npm run changeset -- add, status or version
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const { workspaces } = JSON.parse(readFileSync("package.json", "utf8"));
/** Folder here → folder there. */
const PACKAGES = [[".", "client"], ...workspaces.map((folder) => [folder, folder])];
const FILES = ["package.json", "CHANGELOG.md"];

const stage = mkdtempSync(join(tmpdir(), "vix-changeset-"));
try {
  const root = { name: "stage", private: true, workspaces: PACKAGES.map(([, folder]) => folder) };
  writeFileSync(join(stage, "package.json"), JSON.stringify(root));
  cpSync(".changeset", join(stage, ".changeset"), { recursive: true });
  copy((here, there) => [here, there]);
  const git = (...args) => spawnSync("git", args, { cwd: stage });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("-c", "user.name=stage", "-c", "user.email=stage", "commit", "--quiet", "--message=Stage");
  const bin = resolve("node_modules/@changesets/cli/bin.js");
  const { status } = spawnSync(process.execPath, [bin, ...process.argv.slice(2)], {
    cwd: stage,
    stdio: "inherit",
  });
  if (status === 0) {
    copy((here, there) => [there, here]);
    rmSync(".changeset", { recursive: true });
    cpSync(join(stage, ".changeset"), ".changeset", { recursive: true });
  }
  process.exitCode = status ?? 1;
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function copy(direction) {
  for (const [here, there] of PACKAGES)
    for (const file of FILES) {
      const [from, to] = direction(join(here, file), join(stage, there, file));
      if (existsSync(from)) cpSync(from, to, { recursive: true });
    }
}

/** What killed runs leave next to an output folder, and how the next run handles it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { planChanges } from "../../codegen/src/write/folder.js";
import { stepsOf } from "../../codegen/src/write/journal.js";
import { settleLeftovers } from "../../codegen/src/write/leftovers.js";
import { stage } from "../../codegen/src/write/staging.js";
import { readTree, tempDir } from "./support/temp.js";

const OLD = {
  "flows/changed.ts": "old",
  "flows/removed.ts": "old",
  "index.ts": "old",
  "manifest.json": "old",
};
const NEW = {
  "flows/added.ts": "new",
  "flows/changed.ts": "new",
  "index.ts": "new",
  "manifest.json": "new",
};

function write(out: string, files: Record<string, string>): void {
  mkdirSync(join(out, "flows"), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(out, path), text);
}

/** An output folder whose swap was cut off after its first steps. */
function cutOff(owner: number, steps = 2): { out: string; staging: string } {
  const out = join(tempDir(), "generated");
  write(out, OLD);
  const [ours, wanted] = [new Map(Object.entries(OLD)), new Map(Object.entries(NEW))];
  const all = stepsOf(planChanges(ours, wanted), ours, wanted);
  const staging = stage(out, owner, all, wanted);
  for (const { path, to } of all.slice(0, steps)) {
    if (to === null) rmSync(join(out, path));
    else renameSync(join(staging, "new", path), join(out, path));
  }
  return { out, staging };
}

/** The id of a process that has ended. */
function gone(): number {
  return spawnSync(process.execPath, ["-v"]).pid;
}

test("a swap that was cut off is finished", async () => {
  const { out, staging } = cutOff(gone());
  expect(readTree(out)).toMatchObject({ "flows/added.ts": "new", "index.ts": "old" });
  await settleLeftovers(out);
  expect(readTree(out)).toEqual(NEW);
  expect(existsSync(staging)).toBe(false);
});

test.each([0, 1, 3, 4, 5])(
  "one that was cut off after %i steps is finished or undone",
  async (steps) => {
    const { out, staging } = cutOff(gone(), steps);
    await settleLeftovers(out);
    expect(readTree(out)).toEqual(steps === 0 ? OLD : NEW);
    expect(existsSync(staging)).toBe(false);
  },
);

test("a folder that was put back by hand stays as it is", async () => {
  const { out, staging } = cutOff(gone());
  write(out, OLD);
  const before = readTree(out);
  await settleLeftovers(out);
  expect(readTree(out)).toEqual(before);
  expect(existsSync(staging)).toBe(false);
});

test("a folder that was edited since stays as it is", async () => {
  const { out, staging } = cutOff(gone());
  writeFileSync(join(out, "index.ts"), "mine");
  const before = readTree(out);
  await settleLeftovers(out);
  expect(readTree(out)).toEqual(before);
  expect(existsSync(staging)).toBe(false);
});

test("a journal that is cut means that nothing was swapped", async () => {
  const { out, staging } = cutOff(gone(), 0);
  writeFileSync(join(staging, "swap.json"), '[{"path":"index.ts","fr');
  await settleLeftovers(out);
  expect(readTree(out)).toEqual(OLD);
  expect(existsSync(staging)).toBe(false);
});

test("an installation that is under way is waited for", async () => {
  const installer = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
  onTestFinished(() => void installer.kill("SIGKILL"));
  const { out } = cutOff(installer.pid!);
  let isSettled = false;
  const settled = settleLeftovers(out).then(() => (isSettled = true));
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(isSettled).toBe(false);
  expect(readTree(out)).toMatchObject({ "index.ts": "old" });
  installer.stdin.end();
  await once(installer, "exit");
  await settled;
  expect(readTree(out)).toEqual(NEW);
});

test("an old journal is not waited for, even if another process has the same id", async () => {
  const { out, staging } = cutOff(process.ppid);
  const hourAgo = Date.now() / 1_000 - 3_600;
  utimesSync(join(staging, "swap.json"), hourAgo, hourAgo);
  await settleLeftovers(out);
  expect(readTree(out)).toEqual(NEW);
});

test("a run that still prepares is left alone", async () => {
  const out = join(tempDir(), "generated");
  const staging = stage(out, process.ppid, [], new Map());
  renameSync(join(staging, "swap.json"), join(staging, "not-yet.json"));
  await settleLeftovers(out);
  expect(existsSync(staging)).toBe(true);
});

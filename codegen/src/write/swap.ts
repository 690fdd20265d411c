/**
 * Puts new files in the place of old ones. All of them are written, and read back, in a folder beside the
 * output; then each is renamed into place, which is atomic, in an order in which the client is whole after
 * every single step: first the modules of flows, then the index and the map that name them, then old files
 * go, and the manifest is last. An error on the way puts everything back.
 */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CodegenError } from "../errors.js";
import type { Folder, Plan } from "./folder.js";
import { MANIFEST } from "./manifest.js";
import { holdSignals } from "./signals.js";

/** Files that name others: they change after those are there. */
const LAST = ["flow-map.ts", "index.ts", MANIFEST];

/** Writes the planned changes. `verify` gets the written files' contents and throws to stop. */
export function swapIn(
  dir: string,
  folder: Folder,
  plan: Plan,
  wanted: ReadonlyMap<string, string>,
  verify: (written: ReadonlyMap<string, string>) => void,
): void {
  const out = resolve(dir);
  // A signal waits for the end, so only a kill that cannot be caught falls between two steps.
  const obeySignals = holdSignals();
  let staging: string | undefined;
  try {
    staging = stage(out);
    const paths = [...plan.added, ...plan.changed];
    for (const path of paths) writeInto(join(staging, "new", path), wanted.get(path) ?? "");
    verify(new Map(paths.map((path) => [path, readFrom(staging, path)])));
    if (folder.exists) replace(out, staging, plan);
    else renameSync(join(staging, "new"), out);
  } catch (error) {
    if (error instanceof CodegenError) throw error;
    throw new CodegenError(
      "output_unwritable",
      "The generated files cannot be written; the old ones stay.",
      {
        value: `${dir}: ${(error as NodeJS.ErrnoException).code ?? ""}`,
        hint: "Check space and permissions of the output folder and of the one that it is in.",
        cause: error,
      },
    );
  } finally {
    if (staging !== undefined) discard(staging);
    obeySignals();
  }
}

function readFrom(staging: string | undefined, path: string): string {
  return readFileSync(join(staging ?? "", "new", path), "utf8");
}

/** A folder beside the output: on the same disk, so that a rename is one step. */
function stage(out: string): string {
  mkdirSync(dirname(out), { recursive: true });
  return mkdtempSync(join(dirname(out), `${stagingPrefix(out)}${process.pid}-`));
}

function stagingPrefix(out: string): string {
  return `.${basename(out)}.vix-codegen-`;
}

/** Removes what runs that were killed left beside the output. */
export function clearLeftovers(dir: string): void {
  const out = resolve(dir);
  const prefix = stagingPrefix(out);
  let names: string[];
  try {
    names = readdirSync(dirname(out));
  } catch {
    return;
  }
  for (const name of names) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0;
    if (owner > 0 && !isAlive(owner)) discard(join(dirname(out), name));
  }
}

/** Whether a process still runs: what a killed one left behind can go. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes a folder of ours. Failing to is no failure of the run; the next one tries again. */
function discard(staging: string): void {
  try {
    rmSync(staging, { recursive: true, force: true });
  } catch {
    // The client is as it should be.
  }
}

function replace(out: string, staging: string, plan: Plan): void {
  // Copies first, so that what follows is renames only: a millisecond for all files.
  const putBack = new Map(plan.changed.map((path) => [path, keepOld(out, staging, path)]));
  const undo: (() => void)[] = [];
  try {
    mkdirSync(join(out, "flows"), { recursive: true });
    for (const path of inOrder([...plan.added, ...plan.changed])) {
      if (path === MANIFEST) removeOld(out, staging, plan, undo);
      renameSync(join(staging, "new", path), join(out, path));
      undo.push(putBack.get(path) ?? (() => rmSync(join(out, path))));
    }
  } catch (error) {
    putBackAll(undo);
    throw error;
  }
}

function inOrder(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => LAST.indexOf(a) - LAST.indexOf(b));
}

/** Undoes the steps, the last one first. One that fails does not keep the others from being tried. */
function putBackAll(undo: readonly (() => void)[]): void {
  for (const step of [...undo].reverse()) {
    try {
      step();
    } catch {
      // The error that led here is the one to tell.
    }
  }
}

/** Keeps an old file under a second name; the result puts it back, with its time. */
function keepOld(out: string, staging: string, path: string): () => void {
  const kept = join(staging, "old", path);
  makeParent(kept);
  try {
    linkSync(join(out, path), kept);
  } catch {
    // Not every file system has links.
    copyFileSync(join(out, path), kept);
  }
  return () => renameSync(kept, join(out, path));
}

function removeOld(out: string, staging: string, plan: Plan, undo: (() => void)[]): void {
  mkdirSync(join(staging, "old/flows"), { recursive: true });
  for (const path of plan.removed) {
    const kept = join(staging, "old", path);
    renameSync(join(out, path), kept);
    undo.push(() => renameSync(kept, join(out, path)));
  }
}

function writeInto(path: string, text: string): void {
  makeParent(path);
  writeFileSync(path, text);
}

function makeParent(path: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
}

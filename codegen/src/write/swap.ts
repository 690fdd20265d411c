/**
 * Puts new files in the place of old ones. All of them are written, and read back, in a folder beside the
 * output; then each is renamed into place, which is atomic, in an order in which the client is whole after
 * every single step: first the modules of flows, then the index and the map that name them, then old files
 * go, and the manifest is last. An error on the way puts everything back.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CodegenError } from "../errors.js";
import type { Folder, Plan } from "./folder.js";
import { MANIFEST } from "./manifest.js";

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
  const staging = stage(out);
  try {
    const paths = [...plan.added, ...plan.changed];
    for (const path of paths) writeInto(join(staging, "new", path), wanted.get(path) ?? "");
    verify(new Map(paths.map((path) => [path, readFileSync(join(staging, "new", path), "utf8")])));
    if (folder.exists) replace(out, staging, plan);
    else renameSync(join(staging, "new"), out);
  } catch (error) {
    if (error instanceof CodegenError) throw error;
    throw new CodegenError(
      "output_unwritable",
      "The generated files cannot be written; the old ones stay.",
      {
        value: dir,
        hint: "Check space and permissions of the output folder.",
        cause: error,
      },
    );
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function stage(out: string): string {
  try {
    mkdirSync(dirname(out), { recursive: true });
    return mkdtempSync(join(dirname(out), `.${basename(out)}.vix-codegen-`));
  } catch (error) {
    throw new CodegenError("output_unwritable", "The folder of the output cannot be written.", {
      value: dirname(out),
      hint: "Check its permissions, or give another folder with --out.",
      cause: error,
    });
  }
}

function replace(out: string, staging: string, plan: Plan): void {
  const undo: (() => void)[] = [];
  // A signal waits for the end of this loop, so only a kill that cannot be caught falls between two steps.
  const restoreSignals = holdSignals();
  try {
    mkdirSync(join(out, "flows"), { recursive: true });
    const isNew = new Set(plan.added);
    for (const path of inOrder([...plan.added, ...plan.changed])) {
      if (path === MANIFEST) removeOld(out, staging, plan, undo);
      if (!isNew.has(path)) keepOld(out, staging, path, undo);
      else undo.push(() => rmSync(join(out, path), { force: true }));
      renameSync(join(staging, "new", path), join(out, path));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  } finally {
    restoreSignals();
  }
}

function inOrder(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => LAST.indexOf(a) - LAST.indexOf(b));
}

/** Copies an old file aside, for the case that a later step fails. */
function keepOld(out: string, staging: string, path: string, undo: (() => void)[]): void {
  const kept = join(staging, "old", path);
  writeInto(kept, readFileSync(join(out, path), "utf8"));
  undo.push(() => renameSync(kept, join(out, path)));
}

function removeOld(out: string, staging: string, plan: Plan, undo: (() => void)[]): void {
  for (const path of plan.removed) {
    const kept = join(staging, "old", path);
    mkdirSync(dirname(kept), { recursive: true });
    renameSync(join(out, path), kept);
    undo.push(() => renameSync(kept, join(out, path)));
  }
}

function writeInto(path: string, text: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function holdSignals(): () => void {
  const pending: NodeJS.Signals[] = [];
  const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const hold = (signal: NodeJS.Signals): void => void pending.push(signal);
  for (const signal of signals) process.on(signal, hold);
  return () => {
    // Signals are delivered between turns: let one pass before we stop listening, then obey.
    setImmediate(() => {
      for (const signal of signals) process.off(signal, hold);
      if (pending[0] !== undefined) process.kill(process.pid, pending[0]);
    });
  };
}

/**
 * The steps of a swap, written down before it is begun. Whoever comes after a kill can tell from them and
 * from the folder how far it got: each file is what it was, what it is to be, or somebody else's.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "./folder.js";
import { MANIFEST, sha256 } from "./manifest.js";

/** One file's step. */
export interface Step {
  readonly path: string;
  /** SHA-256 of the old file, or null where there is none. */
  readonly from: string | null;
  /** SHA-256 of the new file, or null where there is none. */
  readonly to: string | null;
}

/** Files that name others: they change after those are there, and before those that they named go. */
const LAST = ["flow-map.ts", "index.ts"];

/** The steps of a plan, in an order in which the client compiles after every single one. */
export function stepsOf(
  { added, changed, removed }: Plan,
  ours: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): Step[] {
  const hash = (text: string | undefined): string | null =>
    text === undefined ? null : sha256(text);
  return [...added, ...changed, ...removed]
    .map((path) => ({ path, from: hash(ours.get(path)), to: hash(wanted.get(path)) }))
    .sort((a, b) => rank(a) - rank(b));
}

function rank({ path, to }: Step): number {
  if (path === MANIFEST) return LAST.length + 2;
  return to === null ? LAST.length + 1 : LAST.indexOf(path);
}

function placeOf(staging: string): string {
  return join(staging, "swap.json");
}

export function writeJournal(staging: string, steps: readonly Step[]): void {
  writeFileSync(placeOf(staging), JSON.stringify(steps));
}

/** The steps of a swap that was to be; undefined where it did not come to that. */
export function readJournal(staging: string): readonly Step[] | undefined {
  try {
    return JSON.parse(readFileSync(placeOf(staging), "utf8")) as Step[];
  } catch {
    // One that is cut was never finished, and no step was taken.
    return undefined;
  }
}

/** How long ago a swap was written down, in milliseconds; undefined where none was. */
export function journalAge(staging: string): number | undefined {
  const stat = statSync(placeOf(staging), { throwIfNoEntry: false });
  return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
}

/** Where a file stands: before its step, after it, or neither because somebody else changed it. */
export function stateOf(out: string, { path, from, to }: Step): "old" | "new" | "other" {
  const now = hashOf(join(out, path));
  return now === to ? "new" : now === from ? "old" : "other";
}

function hashOf(path: string): string | null {
  try {
    return sha256(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

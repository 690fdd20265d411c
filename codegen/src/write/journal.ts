/**
 * The steps of a swap, written down before it starts. After a kill, they and the folder show how far it got:
 * each file is the old one, the new one, or somebody else's.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "./folder.js";
import { MANIFEST, sha256 } from "./manifest.js";

/** One file's step. */
export interface Step {
  readonly path: string;
  /** SHA-256 of the old file; null when there is none. */
  readonly from: string | null;
  /** SHA-256 of the new file; null when there is none. */
  readonly to: string | null;
}

/** Files that import others: they change after new files are added, and before old ones are removed. */
const LAST = ["flow-map.ts", "index.ts"];

/** The steps of a plan, ordered so that the client compiles after every one. */
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

/** The steps of a swap; undefined if it was never started. */
export function readJournal(staging: string): readonly Step[] | undefined {
  try {
    return JSON.parse(readFileSync(placeOf(staging), "utf8")) as Step[];
  } catch {
    // A truncated journal was never finished, so no step was taken.
    return undefined;
  }
}

/** Age of a journal in milliseconds; undefined when there is none. */
export function journalAge(staging: string): number | undefined {
  const stat = statSync(placeOf(staging), { throwIfNoEntry: false });
  return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
}

/** The state of a file: before its step, after it, or neither because somebody else changed it. */
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

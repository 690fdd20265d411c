/**
 * Unfinished files: what their hidden names say, and what becomes of those that a process left behind. A
 * name holds machine, process and a random id; of a result file also which one it is, and its version:
 * `.vix-MACHINE-PROCESS.SPACE-ID-FILE-VERSION.part`. Invariant: one process at a time owns an unfinished
 * file, and it takes it over by a rename, which only one of several can do.
 */
import { createHash, randomBytes } from "node:crypto";
import { readlinkSync, type Stats } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { basename, join } from "node:path";
import type { Beginning } from "../results/download.js";

/** An unfinished file of another machine, whose processes nobody can ask for, is abandoned so late, in ms. */
const FOREIGN_MS = 24 * 60 * 60 * 1000;

/**
 * One of this machine whose process cannot be told from others of the same id, in ms without a write:
 * threads share one, and so may containers.
 */
const UNSURE_MS = 10 * 60 * 1000;

/** An abandoned file is kept for a save that could go on with it, in ms without a write. */
const KEPT_MS = 10 * 60 * 1000;

/** The same in a folder where files are saved with `resume`. */
const KEPT_FOR_RESUME_MS = 24 * 60 * 60 * 1000;

/** Longest version that a name has room for, in bytes. */
const MAX_VERSION_BYTES = 60;

const MACHINE = shortHash(hostname(), 8);

/** The processes among which an id means one: those of this container, or all of the machine. */
const SPACE = (() => {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    // Not Linux, which alone has several.
    return "0";
  }
})();

const NAME =
  /^\.vix-([\da-f]{8})-(\d+)(?:\.(\d+))?-([\da-z]{16}|[\w-]+?)(?:-([\da-f]{16})-([\da-f]*))?\.part$/;

/** What the name of an unfinished file says. */
export interface PartName {
  readonly machine: string;
  readonly process: number;
  /** Undefined where the name does not say. */
  readonly space: string | undefined;
  readonly id: string;
  /** Which result file it is the beginning of, as `fileKey` has it. */
  readonly file: string | undefined;
  readonly version: string | undefined;
}

/** Ids of those that this process is at, and of those that it was at. */
const live = new Set<string>();
const left = new Set<string>();

/** One short text for a result file of a server. */
export function fileKey(...parts: readonly (string | number)[]): string {
  return shortHash(parts.join("\n"), 16);
}

/** Reads the name of an unfinished file; undefined for any other. */
export function readPartName(name: string): PartName | undefined {
  const [, machine, id, space, random, file, version] = NAME.exec(name) ?? [];
  if (machine === undefined || random === undefined) return undefined;
  return {
    machine,
    process: Number(id),
    space,
    id: random,
    file,
    version: version ? Buffer.from(version, "hex").toString() : undefined,
  };
}

/**
 * A path for an unfinished file, which belongs to this process until `removePartial` or `leavePartial`.
 * @param file of a result file, what `fileKey` gives
 * @param version its ETag; without one nobody can go on with it
 */
export function newPartial(folder: string, file?: string, version?: string): string {
  const id = randomBytes(8).toString("hex");
  live.add(id);
  // Only a strong ETag promises the same bytes.
  const kept = /^".{1,58}"$/.test(version ?? "") ? Buffer.from(version ?? "") : undefined;
  const facts =
    file && kept && kept.length <= MAX_VERSION_BYTES ? `-${file}-${kept.toString("hex")}` : "";
  return join(folder, `.vix-${MACHINE}-${process.pid}.${SPACE}-${id}${facts}.part`);
}

/** Takes it away, unless it got its name by a move. */
export async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
  live.delete(idOf(path));
}

/** Leaves it for a later save to go on with, if one can. */
export async function leavePartial(path: string): Promise<void> {
  const { id = "", version } = readPartName(basename(path)) ?? {};
  if (version === undefined) {
    await removePartial(path);
    return;
  }
  live.delete(id);
  left.add(id);
}

/**
 * Takes over the longest beginning of a file that nobody is at any more; undefined where there is none.
 * @param size of the whole file, where it is known: what is longer is no beginning of it
 */
export async function takeOver(
  folder: string,
  file: string,
  size: number = Infinity,
): Promise<(Beginning & { readonly path: string }) | undefined> {
  const found: (Beginning & { readonly path: string })[] = [];
  const startedAt = Date.now() - uptime() * 1000;
  for (const { path, name, facts } of await partialsIn(folder)) {
    if (name.file !== file || !name.version) continue;
    const { size: length, mtimeMs, nlink } = facts;
    // A machine that lost power may have kept the length of a file and not its bytes.
    if (length === 0 || length > size || mtimeMs < startedAt) continue;
    // It got its name already, in the last moment of its process.
    if (nlink > 1 || Date.now() - mtimeMs < abandonedAfter(name)) continue;
    found.push({ path, length, version: name.version });
  }
  for (const each of found.sort((a, b) => b.length - a.length)) {
    const path = newPartial(folder, file, each.version);
    try {
      await rename(each.path, path);
      return { ...each, path };
    } catch {
      // Another process was faster.
      live.delete(idOf(path));
    }
  }
  return undefined;
}

/** Removes what processes left behind long ago. */
export async function sweep(folder: string, resume: boolean): Promise<void> {
  const keptMs = resume ? KEPT_FOR_RESUME_MS : KEPT_MS;
  for (const { path, name, facts } of await partialsIn(folder))
    if (Date.now() - facts.mtimeMs > Math.max(keptMs, abandonedAfter(name)))
      // Somebody else was faster, or may and we may not.
      await rm(path, { force: true }).catch(() => undefined);
}

/** How long an unfinished file has to be without a write to be nobody's, in ms. */
function abandonedAfter({ machine, process: id, space = SPACE, id: random }: PartName): number {
  if (live.has(random)) return Infinity;
  if (left.has(random)) return 0;
  if (machine !== MACHINE) return FOREIGN_MS;
  if (space !== SPACE || id === process.pid) return UNSURE_MS;
  return isRunning(id) ? Infinity : 0;
}

async function partialsIn(
  folder: string,
): Promise<{ path: string; name: PartName; facts: Stats }[]> {
  // A folder may be one to write into and not to look into.
  const names = await readdir(folder).catch(() => []);
  const found = [];
  for (const each of names) {
    const name = readPartName(each);
    const path = join(folder, each);
    const facts = name && (await stat(path).catch(() => undefined));
    if (name && facts) found.push({ path, name, facts });
  }
  return found;
}

function idOf(path: string): string {
  return readPartName(basename(path))?.id ?? "";
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function shortHash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

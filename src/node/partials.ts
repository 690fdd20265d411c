/**
 * Unfinished files: the meaning of their hidden names, and the clean-up of those that a process left behind.
 * A name holds machine, process, and a random id; that of a result file also holds its key and version:
 * `.vix-MACHINE-PROCESS.SPACE-ID-FILE-VERSION.part`. Invariant: an unfinished file has one owner process at a
 * time, and changes owner by a rename, which only one of several processes can win.
 */
import { createHash, randomBytes } from "node:crypto";
import { readlinkSync, type Stats } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { basename, join } from "node:path";
import type { Beginning } from "../results/download.js";

/**
 * Age at which an unfinished file of another machine counts as abandoned, in ms, since its processes cannot
 * be checked.
 */
const FOREIGN_MS = 24 * 60 * 60 * 1000;

/**
 * The same on this machine where the process id is ambiguous, in ms since the last write: threads share one,
 * and so may containers.
 */
const UNSURE_MS = 10 * 60 * 1000;

/** How long an abandoned file is kept for a save that could resume it, in ms since the last write. */
const KEPT_MS = 10 * 60 * 1000;

/** The same in a folder where files are saved with `resume`. */
const KEPT_FOR_RESUME_MS = 24 * 60 * 60 * 1000;

/** Longest version that fits into a name, in bytes. */
const MAX_VERSION_BYTES = 60;

const MACHINE = shortHash(hostname(), 8);

/** The scope in which a process id is unique: this container, or the whole machine. */
const SPACE = (() => {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    // Not Linux; only Linux has several scopes.
    return "0";
  }
})();

const NAME =
  /^\.vix-([\da-f]{8})-(\d+)(?:\.(\d+))?-([\da-z]{16}|[\w-]+?)(?:-([\da-f]{16})-([\da-f]*))?\.part$/;

/** The parsed name of an unfinished file. */
export interface PartName {
  readonly machine: string;
  readonly process: number;
  /** Undefined when the name does not say. */
  readonly space: string | undefined;
  readonly id: string;
  /** The result file it belongs to, as `fileKey` returns it. */
  readonly file: string | undefined;
  readonly version: string | undefined;
}

/** Ids of the unfinished files that this process owns or has owned. */
const live = new Set<string>();
const left = new Set<string>();

/** A short key for a result file of a server. */
export function fileKey(...parts: readonly (string | number)[]): string {
  return shortHash(parts.join("\n"), 16);
}

/** Parses the name of an unfinished file; undefined for any other name. */
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
 * A path for an unfinished file. This process owns it until `removePartial` or `leavePartial`.
 * @param file for a result file, its `fileKey`
 * @param version its ETag; without one it cannot be resumed
 */
export function newPartial(folder: string, file?: string, version?: string): string {
  const id = randomBytes(8).toString("hex");
  live.add(id);
  // Only a strong ETag promises identical bytes.
  const kept = /^".{1,58}"$/.test(version ?? "") ? Buffer.from(version ?? "") : undefined;
  const facts =
    file && kept && kept.length <= MAX_VERSION_BYTES ? `-${file}-${kept.toString("hex")}` : "";
  return join(folder, `.vix-${MACHINE}-${process.pid}.${SPACE}-${id}${facts}.part`);
}

/** Deletes it, unless a move gave it its final name. */
export async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
  live.delete(idOf(path));
}

/** Leaves it for a later save to resume, if possible. */
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
 * Takes over the longest beginning of a file that has no owner; undefined when there is none.
 * @param size of the whole file, if known: anything longer is not a beginning of it
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
    // After a power loss, a file may have kept its length but not its bytes.
    if (length === 0 || length > size || mtimeMs < startedAt) continue;
    // Its process died just after giving it its final name.
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

/** Deletes what processes left behind long ago. */
export async function sweep(folder: string, resume: boolean): Promise<void> {
  const keptMs = resume ? KEPT_FOR_RESUME_MS : KEPT_MS;
  for (const { path, name, facts } of await partialsIn(folder))
    if (Date.now() - facts.mtimeMs > Math.max(keptMs, abandonedAfter(name)))
      // Another process was faster, or has permissions that this one lacks.
      await rm(path, { force: true }).catch(() => undefined);
}

/** Time without a write after which an unfinished file counts as abandoned, in ms. */
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
  // A folder may be writable but not readable.
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

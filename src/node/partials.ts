/** Unfinished files: hidden, and taken away also when the process that wrote them was killed. */
import { createHash, randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";

/** Files of another machine, whose processes nobody can ask for, are left alone for so long, in ms. */
const FOREIGN_STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Those of this machine, without a write, for so long: containers may share its name but not its
 * processes, threads share its process id, and a file may wait for its name.
 */
const STALE_MS = 10 * 60 * 1000;

const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Of which machine, of which process, and which one. */
const PARTIAL = /^\.vix-([\da-f]{8})-(\d+)-([\w-]+)\.part$/;

/** Ids of those that are being written here. A process before this one may have had its process id. */
const live = new Set<string>();

/** A path for an unfinished file, which is kept until `removePartial`. */
export function newPartial(folder: string): string {
  const id = randomUUID();
  live.add(id);
  return join(folder, `.vix-${HOST}-${process.pid}-${id}.part`);
}

/** Takes it away, unless it got its name by a move. */
export async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
  live.delete(PARTIAL.exec(basename(path))?.[3] ?? "");
}

/** Removes what processes left that were killed. */
export async function sweep(folder: string): Promise<void> {
  // A folder may be one to write into and not to look into.
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, host, pid, id] = PARTIAL.exec(name) ?? [];
    if (host === undefined || id === undefined || live.has(id)) continue;
    const path = join(folder, name);
    try {
      const quietMs = Date.now() - (await stat(path)).mtimeMs;
      const dead =
        host === HOST
          ? quietMs > STALE_MS && (Number(pid) === process.pid || !isRunning(Number(pid)))
          : quietMs > FOREIGN_STALE_MS;
      if (dead) await rm(path, { force: true });
    } catch {
      // Somebody else was faster, or may and we may not.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

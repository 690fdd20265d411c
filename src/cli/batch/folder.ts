/** Keeps the files in DIR consistent with the ledger. */
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Entry, Ledger } from "./ledger.js";
import { movedName, taskOfName } from "./names.js";

/**
 * Deletes files of the batch's own tasks that the ledger does not list: a process was killed before it
 * recorded them, or their task was replaced. Other files stay.
 */
export async function sweepFiles(dir: string, entries: Iterable<Entry>): Promise<void> {
  const named = new Set<string>();
  const tasks = new Set<number>();
  for (const { shots, movedFrom } of entries)
    for (const { task, stale, files } of shots) {
      for (const { id } of stale) tasks.add(id);
      // Files beside those of a finished shot are not the batch's.
      if (task && !files) tasks.add(task.id);
      for (const { path } of files ?? []) {
        named.add(path);
        if (movedFrom !== undefined) named.add(movedName(path, movedFrom));
      }
    }
  for (const name of await readdir(dir)) {
    const task = taskOfName(name);
    if (task !== undefined && tasks.has(task) && !named.has(name))
      await rm(join(dir, name), { force: true });
  }
}

/** Deletes unfinished files of a process that was killed. */
export async function sweepPartials(dir: string, pid: number): Promise<void> {
  const names = new RegExp(`^\\.vix-([\\da-f]{8}|lock)-${pid}([.-].*)?$`);
  for (const name of await readdir(dir))
    if (names.test(name)) await rm(join(dir, name), { force: true });
}

/** Renames the files of a line to its current number. */
export async function moveFiles(
  dir: string,
  ledger: Ledger,
  entry: Entry,
  line: number,
): Promise<void> {
  if (entry.line !== line) await ledger.append({ do: "move", id: entry.id, line });
  const { movedFrom } = entry;
  if (movedFrom === undefined) return;
  for (const { files = [] } of entry.shots)
    for (const { path } of files)
      // Missing: an earlier process had already renamed it.
      await rename(join(dir, movedName(path, movedFrom)), join(dir, path)).catch(
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        },
      );
  await ledger.append({ did: "moved", id: entry.id, line });
}

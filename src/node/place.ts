/**
 * Gives a complete file its name. Invariants on every disk: no existing file of that name is replaced, and an
 * incomplete file never has the name.
 */
import { link, lstat, rename, rm } from "node:fs/promises";
import { openPatiently } from "./open-files.js";

/** Names a file unless the name is taken; returns whether it did. The hidden name may remain too. */
export async function place(partial: string, path: string): Promise<boolean> {
  try {
    // Unlike a rename, a link never replaces an existing file.
    await link(partial, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // The hidden file itself is gone.
    if (code === "ENOENT") throw error;
  }
  return claim(partial, path);
}

/**
 * For disks that refuse hard links, which report it with many codes: exclusively create an empty file to
 * claim the name, then replace it. A process killed between these two steps leaves the file empty; the bytes
 * are then still in the hidden file.
 */
async function claim(partial: string, path: string): Promise<boolean> {
  let claimed;
  try {
    claimed = await openPatiently(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  const own = await claimed.stat({ bigint: true }).finally(() => claimed.close());
  try {
    await rename(partial, path);
    return true;
  } catch (error) {
    // Another program may have put its own file there.
    const there = await lstat(path, { bigint: true }).catch(() => undefined);
    if (there?.ino === own.ino && there.size === 0n)
      await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

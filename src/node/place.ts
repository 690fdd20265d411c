/**
 * Gives a complete file its name. Invariants, whatever the disk: nothing that has the name is replaced,
 * and no part of a file ever has it.
 */
import { link, lstat, rename, rm } from "node:fs/promises";
import { openPatiently } from "./open-files.js";

/** Names a file unless the name is taken; says whether it did. The hidden name may stay as well. */
export async function place(partial: string, path: string): Promise<boolean> {
  try {
    // Unlike a rename, a link never replaces what is there.
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
 * The way for disks that refuse hard links, for which they have many codes: an empty file that can only be
 * made where there is none claims the name, and is then replaced. A process that is killed between these
 * two steps leaves it empty; the bytes are then still in the hidden file.
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
    // Another program may have put a file of its own there.
    const there = await lstat(path, { bigint: true }).catch(() => undefined);
    if (there?.ino === own.ino && there.size === 0n)
      await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

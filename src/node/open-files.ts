/**
 * Limits the files that this process has open through the library. Files being written stay open as long as
 * their bytes take to arrive. Everything else is open only briefly, so it has its own share of handles and
 * never waits long for one. Invariant: nothing that holds a handle waits for a second one.
 */
import { open, type FileHandle } from "node:fs/promises";
import { VisionatrixError } from "../errors/errors.js";
import { systemClock } from "../time/clock.js";
import { sleep } from "../time/sleep.js";
import { createSlots } from "../time/slots.js";

/** Files open at once; half of them may be open for writing. */
const OPEN_FILES = 48;

/** How long to wait for other processes on this machine to close files, in ms. */
const SCARCE_MS = 60_000;

/** Longest pause between two attempts to open a file, in ms. */
const MAX_PAUSE_MS = 500;

let writing = createSlots(OPEN_FILES / 2);
let glancing = createSlots(OPEN_FILES / 2);

/**
 * Sets how many files this process may have open at once through this library, for saved results and uploaded
 * files. Call it before the first of them. Default 48, of which half are for results. Connections have their
 * own limit, `maxRequests` of `createClient`.
 * @param most at least 2
 * @throws VisionatrixError `invalid_option`
 */
export function limitOpenFiles(most: number): void {
  if (typeof most !== "number" || !(most >= 2))
    throw new VisionatrixError(
      "invalid_option",
      `limitOpenFiles takes a number of at least 2, such as 48, not ${String(most)}.`,
    );
  writing = createSlots(most / 2);
  glancing = createSlots(most / 2);
}

/** Runs a step that writes a file as its bytes arrive. */
export function whileWriting<T>(step: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return writing.run(step, signal);
}

/** Opens a file for a short step, then closes it. */
export function glance<T>(
  path: string | URL,
  flags: string,
  step: (file: FileHandle) => Promise<T>,
): Promise<T> {
  return glancing.run(async () => {
    const file = await openPatiently(path, flags);
    try {
      return await step(file);
    } finally {
      await file.close();
    }
  });
}

/** Opens a file; when too many are open, waits until others have closed theirs. */
export async function openPatiently(
  path: string | URL,
  flags: string,
  signal?: AbortSignal,
): Promise<FileHandle> {
  const start = systemClock.now();
  for (let pause = 5; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await open(path, flags);
    } catch (error) {
      const isScarce = /^E[MN]FILE$/.test((error as NodeJS.ErrnoException).code ?? "");
      if (!isScarce || systemClock.now() - start > SCARCE_MS) throw error;
    }
    await sleep(systemClock, pause, signal);
  }
}

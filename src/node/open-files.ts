/**
 * Bounds the files that this process has open through the library. Files that are written stay open for
 * as long as their bytes take to come; everything else is open for a moment only, and so has handles of
 * its own, for which it never waits long. Invariant: nobody who has a handle waits for a second one.
 */
import { open, type FileHandle } from "node:fs/promises";
import { VisionatrixError } from "../errors/errors.js";
import { systemClock } from "../time/clock.js";
import { sleep } from "../time/sleep.js";
import { createSlots } from "../time/slots.js";

/** Files open at once, half of them to be written. */
const OPEN_FILES = 48;

/** How long is waited for others of this machine to close files, in ms. */
const SCARCE_MS = 60_000;

/** Longest pause between two tries to open a file, in ms. */
const MAX_PAUSE_MS = 500;

let writing = createSlots(OPEN_FILES / 2);
let glancing = createSlots(OPEN_FILES / 2);

/**
 * Sets how many files this process may have open at once through this library, for results that are saved
 * and files that are sent. Call it before the first of them. Default 48, of which half are for results.
 * Connections are bounded apart, by `maxRequests` of `createClient`.
 * @param most from 2 on
 * @throws VisionatrixError `invalid_option`
 */
export function limitOpenFiles(most: number): void {
  if (typeof most !== "number" || !(most >= 2))
    throw new VisionatrixError(
      "invalid_option",
      `limitOpenFiles takes a number from 2 on, such as 48, not ${String(most)}.`,
    );
  writing = createSlots(most / 2);
  glancing = createSlots(most / 2);
}

/** Runs a step that writes a file as its bytes come. */
export function whileWriting<T>(step: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return writing.run(step, signal);
}

/** Opens a file for a step that takes a moment, and closes it. */
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

/** Opens a file; where too many are open it waits until others have closed theirs. */
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

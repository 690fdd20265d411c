/**
 * Sits out a server that went away: over a night it comes back by itself more often than not, and nobody
 * is there to give the command again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, EXIT, exitCodeOf } from "../exit.js";

/** Longest pause between two tries, in ms. */
const MAX_PAUSE_MS = 30_000;

/** Failures that one task may have for itself; tried a few times, since an outage can look like them. */
const MAYBE_OWN = new Set(["server_error", "download_failed", "download_changed", "not_a_file"]);
const TRIES = 3;

export interface PatienceOptions {
  /** How long a server may be away, in ms. */
  readonly outageMs: number;
  readonly signal: AbortSignal;
  /** Told of the first failure of each step. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * Takes a step until it succeeds, or fails for a reason that waiting does not mend.
 * @param step gets how often it was tried before
 */
export async function patiently<T>(
  { outageMs, signal, onTrouble }: PatienceOptions,
  step: (tries: number) => Promise<T>,
): Promise<T> {
  let awaySince = 0;
  for (let tries = 0; ; tries++) {
    try {
      return await step(tries);
    } catch (error) {
      const pause = Math.min(MAX_PAUSE_MS, 500 * 2 ** Math.min(tries, 10)) * (0.5 + Math.random());
      const now = performance.now();
      if (tries === 0) awaySince = now;
      const tooLate = now + pause - awaySince > outageMs;
      if (signal.aborted || tooLate || !mayPass(error, tries)) throw error;
      if (tries === 0) onTrouble(error as Error);
      await sleep(pause, undefined, { signal });
    }
  }
}

/** Whether waiting can mend it. Pure. */
export function mayPass(error: unknown, tries: number): boolean {
  if (MAYBE_OWN.has(codeOf(error))) return tries + 1 < TRIES;
  return exitCodeOf(error) === EXIT.server;
}

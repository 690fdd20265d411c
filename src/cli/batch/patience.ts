/**
 * Waits out an outage of the server: during a night it usually comes back by itself, and nobody is there to
 * repeat the command.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, EXIT, exitCodeOf } from "../exit.js";

/** Longest pause between two attempts, in ms. */
const MAX_PAUSE_MS = 30_000;

/**
 * Failures that may concern one task only. They are retried a few times, since an outage can look like them.
 */
const MAYBE_OWN = new Set(["server_error", "download_failed", "download_changed", "not_a_file"]);
const TRIES = 3;

export interface PatienceOptions {
  /** Longest outage of the server, in ms. */
  readonly outageMs: number;
  readonly signal: AbortSignal;
  /** Called with the first failure of each step. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * Repeats a step until it succeeds, or fails for a reason that waiting does not fix.
 * @param step called with the number of earlier attempts
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

/** Whether waiting may fix the error. Pure. */
export function mayPass(error: unknown, tries: number): boolean {
  if (MAYBE_OWN.has(codeOf(error))) return tries + 1 < TRIES;
  return exitCodeOf(error) === EXIT.server;
}

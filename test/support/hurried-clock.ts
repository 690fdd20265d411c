/**
 * A clock that runs twenty times as fast, so that tests wait only briefly for pauses and outages:
 * `vi.mock("../../src/time/clock.js", hurried)`.
 */
import type * as ClockModule from "../../src/time/clock.js";

const HURRY = 20;

/** Replaces `src/time/clock.ts` in a test file. */
export async function hurried(original: () => Promise<unknown>): Promise<typeof ClockModule> {
  const real = (await original()) as typeof ClockModule;
  const systemClock = real.createClock({
    now: () => performance.now() * HURRY,
    setTimeout: (run, ms) => setTimeout(run, ms / HURRY),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    throttled: () => false,
  });
  return { ...real, systemClock };
}

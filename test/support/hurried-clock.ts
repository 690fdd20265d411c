/**
 * Clocks on which time passes twenty times as fast, so that a test sits out pauses and outages in a
 * moment: `vi.mock("../../src/time/clock.js", hurried)`.
 */
import type * as ClockModule from "../../src/time/clock.js";

const HURRY = 20;

/** What stands for `src/time/clock.ts` in a test file. */
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

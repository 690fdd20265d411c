/** When to poll a task again, and when to poll many with one list. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jitter, nextDelay, nextList, preferSummary } from "../../../src/watch/pace.js";

describe("nextDelay", () => {
  const bounds = { minMs: 250, maxMs: 5000 };

  it("stays within its bounds, whatever a task does", () => {
    const ms = fc.double({ min: 0, max: 1e8, noNaN: true });
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        ms,
        percent,
        fc.option(ms, { nil: undefined }),
        percent,
        (age, now, runningFor, gained) => {
          const delay = nextDelay({ age, percent: now, runningFor, gained, ...bounds });
          expect(delay).toBeGreaterThanOrEqual(250);
          expect(delay).toBeLessThanOrEqual(5000);
        },
      ),
    );
  });

  it("is short at the start, long in a long queue, and short again near the end", () => {
    const queued = (age: number) =>
      nextDelay({ age, percent: 0, runningFor: undefined, gained: 0, ...bounds });
    expect([0, 10_000, 60_000].map(queued)).toEqual([250, 1000, 5000]);
    const running = (percent: number) =>
      nextDelay({ age: 0, percent, runningFor: percent * 600, gained: percent, ...bounds });
    expect(running(50)).toBeGreaterThan(running(90));
    expect(running(99)).toBe(300);
  });
});

describe("jitter", () => {
  it("spreads polls by 15 % either way", () => {
    expect(jitter(1000, 0)).toBe(850);
    expect(jitter(1000, 0.999)).toBeLessThan(1150);
  });
});

describe("lists", () => {
  it("are read for many tasks, and not where a long history makes them expensive", () => {
    expect(preferSummary(1, 3000)).toBe(false);
    expect(preferSummary(3, 66_000)).toBe(true);
    expect(preferSummary(10, 22_000_000)).toBe(false);
    expect(preferSummary(40, 13_000_000)).toBe(false);
    expect(preferSummary(3, undefined)).toBe(false);
  });

  it("are read twice a second at most while something runs, and rarely if they are large", () => {
    expect(nextList(10_000, 4000, true, 250)).toBe(500);
    expect(nextList(10_000, 300, true, 250)).toBe(300);
    expect(nextList(10_000, 4000, false, 250)).toBe(4000);
    expect(nextList(3_300_000, 300, true, 250)).toBe(13_200);
    expect(nextList(1e9, 300, true, 250)).toBe(30_000);
  });
});

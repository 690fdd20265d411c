/**
 * The client's clock. Invariants: it never runs backwards, whatever happens to the wall clock, and it stands
 * still while the machine sleeps, so that sleep does not count as waiting.
 */

/** The clock, timers, and randomness behind all decisions of a client. */
export interface Clock {
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /**
   * Calls `run` once after `ms` milliseconds of this clock.
   * @param background the timer does not keep the process alive
   * @returns a function that cancels it
   */
  after(ms: number, run: () => void, background?: boolean): () => void;
  /** A number from 0 to below 1. */
  random(): number;
}

/** The platform functions that a clock uses. */
export interface Timers {
  /** Milliseconds, never decreasing. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Whether the platform may delay timers for long, as browsers do in a hidden page. */
  throttled(): boolean;
}

/** Longest single timer, in ms; longer waits are split, to notice when the machine slept. */
const TICK_MS = 1000;

/** A tick that is late by more than this means that nothing ran in the meantime, in ms. */
const GAP_MS = 3000;

/** The same in a hidden page, where browsers let timers run once a minute, in ms. */
const THROTTLED_GAP_MS = 120_000;

/** Creates a clock from the platform's timers. */
export function createClock(timers: Timers): Clock {
  let last = timers.now();
  let awake = 0;
  let ticking = 0;

  const now = (): number => {
    const read = timers.now();
    const passed = Math.max(0, read - last);
    last = read;
    const gap = TICK_MS + (timers.throttled() ? THROTTLED_GAP_MS : GAP_MS);
    awake += ticking > 0 && passed > gap ? TICK_MS : passed;
    return awake;
  };

  return {
    now,
    random: () => Math.random(),
    after(ms, run, background = false) {
      // A wait until `Infinity` never ends.
      if (ms === Infinity) return () => undefined;
      let timer: unknown;
      const start = now();
      const due = start + Math.max(0, ms);
      ticking++;
      const tick = (from: number): void => {
        const piece = Math.min(due - from, TICK_MS);
        timer = timers.setTimeout(() => {
          // A fired timer proves that its time has passed, even if a test moves timers and not the clock.
          awake = Math.max(now(), from + piece);
          if (awake < due) {
            tick(awake);
            return;
          }
          ticking--;
          timer = undefined;
          run();
        }, Math.ceil(piece));
        // Only Node has `unref`; elsewhere a timer is a number.
        if (background) (timer as { unref?: () => void }).unref?.();
      };
      tick(start);
      return () => {
        if (timer === undefined) return;
        // A sleep that ends with this wait is noticed while the wait still counts as one.
        now();
        timers.clearTimeout(timer);
        timer = undefined;
        ticking--;
      };
    },
  };
}

// Captured when the module loads, so that a test that fakes timers later does not stop the client.
const { setTimeout, clearTimeout } = globalThis;
const { performance } = globalThis;
const readNow = performance.now.bind(performance);

/** The clock of this process. */
export const systemClock: Clock = /* @__PURE__ */ createClock({
  now: readNow,
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
  throttled: () => {
    const { document } = globalThis as { document?: { visibilityState?: string } };
    return document?.visibilityState === "hidden";
  },
});

/**
 * Time as the client counts it. Invariants: it never runs backwards, whatever happens to the wall clock,
 * and it stands still while the machine sleeps, so that no sleep counts as waiting.
 */

/** The clock, the timers and the chance that all decisions of a client are made with. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /**
   * Calls `run` once after `ms` milliseconds of such time.
   * @param background the timer does not keep the process alive
   * @returns cancels it
   */
  after(ms: number, run: () => void, background?: boolean): () => void;
  /** A number from 0 to below 1. */
  random(): number;
}

/** The platform's functions that a clock is made of. */
export interface Timers {
  /** Milliseconds, never falling. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Whether the platform may hold timers back for long, as browsers do in a hidden page. */
  throttled(): boolean;
}

/** Timers run in pieces no longer than this, so that a machine that slept is noticed, in ms. */
const TICK_MS = 1000;

/** A tick that comes so much too late means that nothing ran meanwhile, in ms. */
const GAP_MS = 3000;

/** The same in a hidden page, where browsers let timers run once a minute, in ms. */
const THROTTLED_GAP_MS = 120_000;

/** Makes a clock of the platform's timers. */
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
      // Nothing is waited for until `Infinity`.
      if (ms === Infinity) return () => undefined;
      let timer: unknown;
      const start = now();
      const due = start + Math.max(0, ms);
      ticking++;
      const tick = (from: number): void => {
        const piece = Math.min(due - from, TICK_MS);
        timer = timers.setTimeout(() => {
          // A timer proves that its time has passed, also where a test moves timers and not the clock.
          awake = Math.max(now(), from + piece);
          if (awake < due) {
            tick(awake);
            return;
          }
          ticking--;
          timer = undefined;
          run();
        }, Math.ceil(piece));
        // Only Node has it; elsewhere a timer is a number.
        if (background) (timer as { unref?: () => void }).unref?.();
      };
      tick(start);
      return () => {
        if (timer === undefined) return;
        timers.clearTimeout(timer);
        timer = undefined;
        ticking--;
      };
    },
  };
}

// Taken when the module loads: a test that fakes timers later does not stop the client.
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

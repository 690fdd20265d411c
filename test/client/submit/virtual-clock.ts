/** Time that a test controls: nothing waits, and a seed decides the random numbers. */
import type { Clock } from "../../../src/time/clock.js";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly background: boolean;
}

/** Time that moves only on request. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void, background = false): () => void {
    if (ms === Infinity) return () => undefined;
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run, background };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves to the next timer, at most to `limit`. Returns whether there was one. */
  step(limit: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    if (!next || next.at > limit) return false;
    this.#timers.delete(next);
    this.#now = next.at;
    next.run();
    return true;
  }
}

/** Runs everything that is due, up to a time. */
export async function advance(clock: VirtualClock, limit: number): Promise<void> {
  do await settled();
  while (clock.step(limit));
}

/** Waits until all promises need time to pass. */
async function settled(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (hashing > 0);
}

// The platform hashes keys in real time.
let hashing = 0;
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = (...given) => {
  hashing++;
  return digest(...given).finally(() => hashing--);
};

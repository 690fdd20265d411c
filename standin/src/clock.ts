/** The stand-in's clock. A test can control it, so that a task of ten minutes takes no real time. */

import {
  clearImmediate,
  clearTimeout,
  nextTurn,
  performance,
  setImmediate,
  setTimeout,
} from "./timers.js";

/** A scheduled call that can be cancelled. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970, with a fraction. */
  now(): number;
  /** Calls `run` once, `ms` from now. */
  after(ms: number, run: () => void): Timer;
  /** Registers work that takes real time; a virtual clock does not move until it is done. */
  track(work: Promise<unknown>): void;
}

/** A clock, with the methods that only its owner calls. */
export interface OwnClock extends Clock {
  /** Cancels everything scheduled; a virtual clock starts again from its beginning. */
  reset(): void;
}

/** Real time. Timers do not keep the process alive; the listening socket does. */
export class RealClock implements OwnClock {
  readonly #timers = new Set<Timer>();

  now(): number {
    return performance.timeOrigin + performance.now();
  }

  after(ms: number, run: () => void): Timer {
    const go = (): void => {
      this.#timers.delete(timer);
      run();
    };
    const stop = ms <= 0 ? soon(go) : later(ms, go);
    const timer: Timer = {
      cancel: () => {
        this.#timers.delete(timer);
        stop();
      },
    };
    this.#timers.add(timer);
    return timer;
  }

  reset(): void {
    for (const timer of this.#timers) timer.cancel();
  }

  track(): void {
    // Real time passes by itself.
  }
}

function soon(run: () => void): () => void {
  const immediate = setImmediate(run);
  return () => clearImmediate(immediate);
}

function later(ms: number, run: () => void): () => void {
  // A longer delay would overflow Node's 32-bit timer and fire at once.
  const timer = setTimeout(run, Math.min(ms, 2_147_483_647));
  timer.unref();
  return () => clearTimeout(timer);
}

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Time that moves only by {@link VirtualClock.advance}.
 *
 * A timer of 0 ms fires at once, without {@link VirtualClock.advance}.
 */
export class VirtualClock implements OwnClock {
  readonly #start: number;
  #now: number;
  #order = 0;
  readonly #timers = new Set<Scheduled>();
  readonly #work = new Set<Promise<unknown>>();

  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#start = start;
    this.#now = start;
  }

  reset(): void {
    this.#timers.clear();
    this.#now = this.#start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    if (ms <= 0) return { cancel: soon(run) };
    const timer = { at: this.#now + ms, order: this.#order++, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  track(work: Promise<unknown>): void {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#work.add(settled);
    void settled.then(() => this.#work.delete(settled));
  }

  /** Advances time by `ms`, runs everything due on the way in order, and waits for its effects. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    for (;;) {
      const next = this.#earliest(end);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.#settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  #earliest(end: number): Scheduled | undefined {
    let first: Scheduled | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (
        first === undefined ||
        timer.at < first.at ||
        (timer.at === first.at && timer.order < first.order)
      ) {
        first = timer;
      }
    }
    return first;
  }

  async #settle(): Promise<void> {
    do {
      await Promise.all(this.#work);
      await nextTurn();
    } while (this.#work.size > 0);
  }
}

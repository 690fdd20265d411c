/** Workers and tasks that rest: they are skipped for a moment. */
import type { Clock } from "../clock.js";

/** About the polling interval of a real idle worker. */
const REST_MS = 1000;
const INSTANT_REST_MS = 50;

export class Resting {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #over: () => void;
  readonly #all = new Set<object>();

  /** @param over called when a rest ends */
  constructor(clock: Clock, speed: number, over: () => void) {
    this.#clock = clock;
    this.#ms = speed === Infinity ? INSTANT_REST_MS : REST_MS / speed;
    this.#over = over;
  }

  has(one: object): boolean {
    return this.#all.has(one);
  }

  add(one: object): void {
    this.#all.add(one);
    this.#clock.after(this.#ms, () => {
      this.#all.delete(one);
      this.#over();
    });
  }
}

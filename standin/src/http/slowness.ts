/** Simulates response times, from measurements of the real server. */
import type { Clock } from "../clock.js";

/** Approximate time of a create, or of a response about one task, on the real server. */
const ANSWER_MS = 10;
/** Time of a list for each task in it (600 bytes of JSON each). */
const LISTED_TASK_MS = 0.14;

/** A server whose responses take `factor` times as long as the real one's. */
export class Slowness {
  readonly #clock: Clock;
  readonly #factor: number;
  /** When the server has finished its lists. It builds them one by one, and blocks all other requests. */
  #busyUntil = 0;

  /** @param factor 0 for no delay */
  constructor(clock: Clock, factor: number) {
    this.#clock = clock;
    this.#factor = factor;
  }

  /**
   * Milliseconds until the response to a request is sent.
   *
   * @param listed tasks in the response, if it is a list
   */
  delayOf(listed: number | undefined, factor = this.#factor): number {
    const now = this.#clock.now();
    const start = Math.max(now, this.#busyUntil);
    if (listed !== undefined) this.#busyUntil = start + listed * LISTED_TASK_MS * factor;
    return Math.max(start, this.#busyUntil) - now + ANSWER_MS * factor;
  }
}

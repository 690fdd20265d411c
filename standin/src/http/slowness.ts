/** How long a server's answers take, made up from what was measured on the real one. */
import type { Clock } from "../clock.js";

/** About what an answer about one task, or a create, takes on the real server. */
const ANSWER_MS = 10;
/** What a list takes for each task that it shows (600 bytes of JSON each). */
const LISTED_TASK_MS = 0.14;

/** A server whose answers take `factor` times as long as the real one's. */
export class Slowness {
  readonly #clock: Clock;
  readonly #factor: number;
  /** Until when the server shapes lists, which it does one after the other while all else waits. */
  #busyUntil = 0;

  /** @param factor 0 for no slowness at all */
  constructor(clock: Clock, factor: number) {
    this.#clock = clock;
    this.#factor = factor;
  }

  /**
   * Milliseconds until the answer to a request leaves.
   *
   * @param listed tasks in the answer, if it is a list
   */
  delayOf(listed: number | undefined, factor = this.#factor): number {
    const now = this.#clock.now();
    const start = Math.max(now, this.#busyUntil);
    if (listed !== undefined) this.#busyUntil = start + listed * LISTED_TASK_MS * factor;
    return Math.max(start, this.#busyUntil) - now + ANSWER_MS * factor;
  }
}

/** How long an answer may take: learnt from what this server has needed lately. */

/** A limit never grows beyond this by itself, in ms. */
const LONGEST_MS = 120_000;

/** Shares of what was learnt that fade with each answer. */
const FADING = 0.9;

export class TimeLimit {
  readonly #baseMs: number;
  #slowestMs = 0;
  #timeouts = 0;

  /** @param baseMs the limit for a server of which nothing is known, in ms */
  constructor(baseMs: number) {
    this.#baseMs = baseMs;
  }

  /** The limit for the next request, in ms. */
  get ms(): number {
    const learnt = Math.max(this.#baseMs, 4 * this.#slowestMs) * 2 ** Math.min(this.#timeouts, 4);
    return Math.max(this.#baseMs, Math.min(learnt, LONGEST_MS));
  }

  /** How slow the server is: what the slowest answer of late has taken, in ms. */
  get slowestMs(): number {
    return this.#slowestMs;
  }

  /** An answer was read whole after so many ms. */
  answered(ms: number): void {
    this.#slowestMs = Math.max(ms, this.#slowestMs * FADING);
    this.#timeouts = 0;
  }

  /** No answer came within the limit. */
  timedOut(): void {
    this.#timeouts++;
  }
}

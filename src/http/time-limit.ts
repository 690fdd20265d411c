/** Time limit for a response, learned from this server's recent response times. */

/** The limit never grows beyond this by itself, in ms. */
const LONGEST_MS = 120_000;

/** Factor by which older response times fade with each response. */
const FADING = 0.9;

export class TimeLimit {
  readonly #baseMs: number;
  #slowestMs = 0;
  #timeouts = 0;

  /** @param baseMs limit for an unknown server, in ms */
  constructor(baseMs: number) {
    this.#baseMs = baseMs;
  }

  /** The limit for the next request, in ms. */
  get ms(): number {
    const learnt = Math.max(this.#baseMs, 4 * this.#slowestMs) * 2 ** Math.min(this.#timeouts, 4);
    return Math.max(this.#baseMs, Math.min(learnt, LONGEST_MS));
  }

  /** Time of the slowest recent response, in ms. */
  get slowestMs(): number {
    return this.#slowestMs;
  }

  /** Records that a response was read in full after this many ms. */
  answered(ms: number): void {
    this.#slowestMs = Math.max(ms, this.#slowestMs * FADING);
    this.#timeouts = 0;
  }

  /** Records that no response arrived within the limit. */
  timedOut(): void {
    this.#timeouts++;
  }
}

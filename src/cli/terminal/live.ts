/**
 * The lines at the bottom of a terminal that are redrawn. Without a terminal, or one that a person watches,
 * nothing is drawn, and notes are printed as plain lines.
 */
import { columnsOf, isLive, type Env } from "./streams.js";
import { fit } from "./width.js";

/** Pause between two redraws, in ms: faster than the eye, slow enough for a busy terminal. */
const PAUSE_MS = 80;

export class Live {
  /** Whether lines are drawn. */
  readonly on: boolean;
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;
  #drawnAt = -Infinity;
  #later: NodeJS.Timeout | undefined;
  #lines: ((columns: number) => readonly string[]) | undefined;

  constructor(stream: NodeJS.WriteStream, env: Env, quiet: boolean) {
    this.#stream = stream;
    this.on = !quiet && isLive(stream, env);
  }

  /** Draws lines in place of the last ones; they are only built when it is time to draw. */
  draw(
    lines: (columns: number) => readonly string[],
    { now = false }: { now?: boolean } = {},
  ): void {
    if (!this.on) return;
    this.#lines = lines;
    const at = performance.now();
    const early = PAUSE_MS - (at - this.#drawnAt);
    if (!now && early > 0) {
      // The last of several quick updates is drawn too.
      this.#later ??= setTimeout(() => {
        if (this.#lines) this.draw(this.#lines, { now: true });
      }, early).unref();
      return;
    }
    this.#cancelLater();
    this.#drawnAt = at;
    // A line that fills the last column makes some terminals wrap.
    const columns = Math.max(10, columnsOf(this.#stream) - 1);
    const shown = lines(columns).map((line) => fit(line, columns));
    this.#stream.write(`${this.#up()}${shown.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
    this.#drawn = shown.length;
  }

  /** Clears the drawn lines. */
  clear(): void {
    this.#lines = undefined;
    this.#cancelLater();
    this.#erase();
  }

  /** Prints something permanent above the drawn lines. */
  above(print: () => void): void {
    const lines = this.#lines;
    this.#erase();
    print();
    if (lines) this.draw(lines, { now: true });
  }

  #cancelLater(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
  }

  #erase(): void {
    if (this.#drawn === 0) return;
    this.#stream.write(`${this.#up()}\u001b[J`);
    this.#drawn = 0;
  }

  #up(): string {
    return this.#drawn > 0 ? `\u001b[${this.#drawn}A\r` : "";
  }
}

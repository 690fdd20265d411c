/** Shows the progress of a batch: one bar for the whole, and a line for each failure. */
import type { Output } from "../output.js";
import { barLine, Pace } from "../terminal/bar.js";
import { oneLine } from "../terminal/clean.js";
import { plural } from "../terminal/format.js";

/** Without a terminal, interval between progress lines, in ms. */
const REMARK_MS = 15_000;

export class BatchDisplay {
  readonly #out: Output;
  readonly #pace = new Pace();
  #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #running = 0;
  #done = 0;
  #failed = 0;
  /** Lines done by an earlier command. */
  #before = 0;
  #troubleAt = -Infinity;

  constructor(out: Output) {
    this.#out = out;
  }

  checking(count: number): void {
    this.#out.live.draw(() => [`checking: ${plural(count, "line")}`]);
  }

  start(total: number): void {
    this.#total = total;
    this.#out.live.clear();
    if (!this.#out.live.on) this.#out.note(`${plural(total, "line")} checked`);
    if (this.#out.quiet) return;
    const ms = this.#out.live.on ? 1000 : REMARK_MS;
    this.#timer = setInterval(() => (this.#out.live.on ? this.#draw() : this.#remark()), ms);
    this.#timer.unref();
    this.#draw();
  }

  skipped(): void {
    this.#before++;
    this.#draw();
  }

  began(): void {
    this.#running++;
    this.#draw();
  }

  ended(done: boolean): void {
    this.#running--;
    if (done) this.#done++;
    else this.#failed++;
    this.#pace.add(performance.now(), this.#done + this.#failed);
    this.#draw();
  }

  failure(line: number, message: string, again: boolean): void {
    this.#out.note(`line ${line}: ${oneLine(message)}${again ? "; retrying" : ""}`);
    this.#draw();
  }

  missing(line: number, names: readonly string[]): void {
    this.#out.note(
      `line ${line}: ${names.join(", ")} was deleted, and its task is no longer on the server`,
    );
    this.#draw();
  }

  /** A step failed because of the server, and is retried until it succeeds. */
  trouble(message: string): void {
    const now = performance.now();
    // All running lines report the same trouble at once.
    if (now - this.#troubleAt > REMARK_MS)
      this.#out.note(`${oneLine(message)} Retrying until the server is back.`);
    this.#troubleAt = now;
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#out.live.clear();
  }

  #facts(): string[] {
    const failed = this.#failed > 0 ? [`${this.#failed} failed`] : [];
    const rate = this.#pace.perSecond;
    return [
      `${this.#before + this.#done} of ${this.#total} done`,
      ...failed,
      ...this.#pace.rest(this.#total - this.#before),
      ...(rate === undefined ? [] : [`${(rate * 60).toFixed(rate < 0.17 ? 1 : 0)}/min`]),
      `${this.#running} running`,
    ];
  }

  #draw(): void {
    const part = (this.#before + this.#done + this.#failed) / Math.max(1, this.#total);
    this.#out.live.draw((columns) => [barLine("batch", part, this.#facts(), columns)]);
  }

  #remark(): void {
    this.#out.note(this.#facts().join(", "));
  }
}

/** Progress bars, and the rate of the progress they show. */
import { seconds } from "./format.js";
import { fit, pad, widthOf } from "./width.js";

/** `[#####.....]` with the given number of columns. Plain ASCII, which is one column wide in every terminal. */
export function bar(part: number, columns: number): string {
  const inside = Math.max(0, columns - 2);
  const done = Math.round(Math.min(1, Math.max(0, part)) * inside);
  return `[${"#".repeat(done)}${".".repeat(inside - done)}]`;
}

/**
 * A line with a bar. The bar's length depends only on the label and the columns, so that it does not jump.
 * When there is no room, the last notes after the bar are dropped first, then the bar, then the end of the
 * label.
 */
export function barLine(
  label: string,
  part: number,
  facts: readonly string[],
  columns: number,
): string {
  const percent = `${Math.floor(Math.min(1, Math.max(0, part)) * 100)} %`.padStart(5);
  const free = columns - widthOf(label) - 1 - percent.length - 1;
  if (free < MIN_BAR) {
    const room = columns - percent.length - 1;
    return `${pad(fit(label, room), Math.min(room, widthOf(label)))} ${percent}`;
  }
  const length = Math.min(MAX_BAR, Math.max(MIN_BAR, Math.floor(free * BAR_SHARE)));
  let line = `${label} ${bar(part, length)} ${percent}`;
  for (const fact of facts) {
    if (widthOf(line) + 2 + widthOf(fact) > columns) break;
    line += `  ${fact}`;
  }
  return line;
}

const MIN_BAR = 10;
const MAX_BAR = 40;
const BAR_SHARE = 0.35;

/** Time window of the rate, in ms. */
const WINDOW_MS = 20_000;

/** Measures how fast an amount grows. */
export class Pace {
  #samples: { at: number; amount: number }[] = [];

  /** @param at time in ms, of a monotonic clock */
  add(at: number, amount: number): void {
    const last = this.#samples.at(-1);
    // A worker gave up and the task restarts.
    if (last && amount < last.amount) this.#samples = [];
    this.#samples.push({ at, amount });
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) > WINDOW_MS)
      this.#samples.shift();
  }

  /** Amount per second; undefined until known. */
  get perSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 500 || last.amount <= first.amount)
      return undefined;
    return ((last.amount - first.amount) / (last.at - first.at)) * 1000;
  }

  /** `12 s left`, or nothing when unknown. */
  rest(total: number): string[] {
    const rate = this.perSecond;
    const amount = this.#samples.at(-1)?.amount ?? 0;
    return rate === undefined ? [] : [`${seconds((total - amount) / rate)} left`];
  }
}

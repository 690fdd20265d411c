/** Shows the progress of tasks while a command waits for them. */
import type { Client } from "../../index.js";
import type { Output } from "../output.js";
import { Pace } from "../terminal/bar.js";
import { watchQueue } from "./queue.js";
import { remark, totalOf, waitLines, type TaskView } from "./view.js";

/** Interval of redraws that only update the remaining time, in ms. */
const TICK_MS = 1000;

export class Display {
  readonly #out: Output;
  readonly #label: string;
  readonly #pace = new Pace();
  readonly #stops: (() => void)[] = [];
  #views: readonly TaskView[] = [];
  #ahead: number | undefined;
  #said: string | undefined;

  constructor(out: Output, label: string, client: Client) {
    this.#out = out;
    this.#label = label;
    if (out.quiet) return;
    this.#stops.push(
      watchQueue(
        client,
        () => (totalOf(this.#views).running > 0 ? undefined : this.#firstQueued()),
        (ahead) => {
          this.#ahead = ahead;
          this.#show();
        },
      ),
    );
    if (!out.live.on) return;
    const timer = setInterval(() => this.#show(), TICK_MS);
    timer.unref();
    this.#stops.push(() => clearInterval(timer));
  }

  update(views: readonly TaskView[]): void {
    this.#views = views;
    const { percent, running } = totalOf(views);
    if (running > 0 || percent > 0) this.#pace.add(performance.now(), percent);
    this.#show();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#out.live.clear();
  }

  #firstQueued(): number | undefined {
    return this.#views.find(({ state }) => state === "queued")?.id;
  }

  #show(): void {
    if (this.#out.live.on) {
      this.#out.live.draw((columns) =>
        waitLines(this.#label, this.#views, this.#pace, this.#ahead, columns),
      );
      return;
    }
    const said = remark(this.#label, this.#views, this.#ahead);
    if (said === undefined || said === this.#said) return;
    this.#said = said;
    this.#out.note(said);
  }
}

/** Runs of this process: one for each request id, and no more unfinished tasks than allowed. */
import type { Client, Run } from "visionatrix-client";
import { watch, hasEnded } from "./watch.js";

/** Request ids that are remembered here; beyond them, and in other processes, the client knows its runs. */
const REMEMBERED = 1000;

export class Runs {
  readonly #client: Client;
  readonly #limit: number;
  readonly #requests = new Map<string, { what: string; run: Promise<Run> }>();
  /** Tasks that may be unfinished, by who made them; a symbol stands for one that is being made. */
  readonly #open = new Map<string, Set<number | symbol>>();

  constructor(client: Client, limit: number) {
    this.#client = client;
    this.#limit = limit;
  }

  /**
   * The run of a request: the one that there is, or a new one.
   * @param what the flow and its parameters, to which the id belongs
   * @throws Error when the id was used for something else
   */
  once(owner: string, requestId: string, what: string, start: () => Promise<Run>): Promise<Run> {
    const key = `${owner} ${requestId}`;
    const known = this.#requests.get(key);
    if (known?.what === what) return known.run;
    if (known)
      throw new Error(
        `The request_id ${JSON.stringify(requestId)} was used with other parameters: take a new one for a new run.`,
      );
    const run = start();
    this.#requests.set(key, { what, run });
    // What failed may be tried again.
    run.catch(() => this.#requests.delete(key));
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > REMEMBERED && oldest !== undefined) this.#requests.delete(oldest);
    return run;
  }

  /**
   * Makes a run within the limit.
   * @throws Error when too many tasks are unfinished
   */
  async make(owner: string, count: number, start: () => Promise<Run>): Promise<Run> {
    const open = this.#open.get(owner) ?? new Set<number | symbol>();
    this.#open.set(owner, open);
    const over = (): boolean => open.size + count > this.#limit;
    if (over()) {
      const ids = [...open].filter((each) => typeof each === "number");
      const wait = { ms: 0, signal: new AbortController().signal, onPercent: () => undefined };
      for (const seen of await watch(this.#client, ids, wait))
        if (hasEnded(seen)) open.delete(seen.id);
    }
    if (over())
      throw new Error(
        `${open.size} tasks are unfinished and ${this.#limit} are allowed: wait_task or cancel_task first. Unfinished: ${[...open].filter((each) => typeof each === "number").join(", ")}.`,
      );
    const places = Array.from({ length: count }, () => Symbol("being made"));
    for (const place of places) open.add(place);
    try {
      const run = await start();
      for (const { id } of run.tasks) open.add(id);
      return run;
    } finally {
      for (const place of places) open.delete(place);
    }
  }
}

/** Limits the unfinished tasks of each owner. */
import type { Client, Run } from "visionatrix-client";
import { hasEnded, watch } from "./watch.js";

export class Places {
  readonly #client: Client;
  readonly #most: number;
  /** Unfinished tasks by owner; a symbol stands for one being created. */
  readonly #taken = new Map<string, Set<number | symbol>>();

  constructor(client: Client, most: number) {
    this.#client = client;
    this.#most = most;
  }

  /**
   * Creates a run of `count` tasks.
   * @param make called with `isFull: true` when the limit is reached; it may then return an existing run, but
   * create nothing
   * @throws Error when the limit is reached
   */
  async fill(owner: string, count: number, make: (isFull: boolean) => Promise<Run>): Promise<Run> {
    const taken = this.#taken.get(owner) ?? new Set<number | symbol>();
    this.#taken.set(owner, taken);
    const ids = (): number[] => [...taken].filter((each) => typeof each === "number");
    if (taken.size + count > this.#most)
      for (const seen of await watch(
        ids().map((id) => this.#client.task(id)),
        0,
      ))
        if (hasEnded(seen)) taken.delete(seen.id);
    const isFull = taken.size + count > this.#most;
    const places = Array.from({ length: isFull ? 0 : count }, () => Symbol("being made"));
    for (const place of places) taken.add(place);
    try {
      const run = await make(isFull);
      for (const { id } of run.tasks) taken.add(id);
      return run;
    } catch (error) {
      if (!isFull || (error as { code?: string }).code !== "task_not_found") throw error;
      throw new Error(
        `${taken.size} tasks are unfinished and ${this.#most} are allowed: wait_task or cancel_task first. Unfinished: ${ids().join(", ")}.`,
        { cause: error },
      );
    } finally {
      for (const place of places) taken.delete(place);
    }
  }
}

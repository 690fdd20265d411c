/**
 * Limits the unfinished tasks of one owner. They are counted on the server, where all instances see them;
 * pending creates are counted here. Two instances that create at the same moment may exceed the limit by what
 * the other one creates.
 */
import type { TaskSummary } from "../../generated/tasks.js";
import type { Api } from "../http/api.js";
import { readSummaries } from "../http/endpoints.js";
import type { Ownership } from "./ownership.js";
import { Refusal } from "./refusal.js";

/** Tasks that one count reads from the server; any beyond that are not counted as the owner's. */
const MOST_READS = 200;

/** Longest list that is read, in bytes. */
export const MOST_LIST_BYTES = 32_000_000;

/** Whether a task is still to be done; a failed one is not. */
export function isUnfinished({ progress, error }: TaskSummary): boolean {
  return progress < 100 && error === "";
}

export class Quota {
  readonly #api: Api;
  readonly #ownership: Ownership;
  readonly #limit: number;
  readonly #group: number;
  /** Pending creates: by owner, their names and task counts. */
  readonly #creating = new Map<string, Map<string, number>>();
  /** Owners whose tasks are being counted; counts for one owner run one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(api: Api, ownership: Ownership, limit: number, group: number) {
    this.#api = api;
    this.#ownership = ownership;
    this.#limit = limit;
    this.#group = group;
  }

  /**
   * Reserves places for the tasks of a create or restart.
   * @returns a function that frees them, once the server shows the tasks or never will
   * @throws Refusal 409
   */
  async take(
    owner: string,
    create: string,
    count: number,
    signal: AbortSignal,
  ): Promise<() => void> {
    if (this.#limit === Infinity) return () => undefined;
    const before = this.#turns.get(owner) ?? Promise.resolve();
    const turn = before.then(async () => {
      const creating = this.#creating.get(owner) ?? new Map<string, number>();
      const onTheWay = [...creating.values()].reduce((sum, each) => sum + each, 0);
      // Skip the list when the pending creates and this one already exceed the limit.
      const there =
        onTheWay + count > this.#limit ? 0 : await this.#unfinished(owner, creating, signal);
      if (onTheWay + there + count > this.#limit)
        throw new Refusal(
          409,
          "too_many_unfinished",
          `At most ${this.#limit} of your tasks may be unfinished at a time: wait for one of them, or cancel it.`,
        );
      creating.set(create, count);
      this.#creating.set(owner, creating);
    });
    const settled = turn.catch(() => undefined);
    this.#turns.set(owner, settled);
    void settled.then(() => {
      if (this.#turns.get(owner) === settled) this.#turns.delete(owner);
    });
    await turn;
    return () => {
      const creating = this.#creating.get(owner);
      creating?.delete(create);
      if (creating?.size === 0) this.#creating.delete(owner);
    };
  }

  /** The number of unfinished tasks on the server that do not belong to pending creates. */
  async #unfinished(
    owner: string,
    creating: ReadonlyMap<string, number>,
    signal: AbortSignal,
  ): Promise<number> {
    const query = { group_scope: this.#group };
    const { data } = await readSummaries(this.#api, query, signal, MOST_LIST_BYTES);
    const ids = Object.values(data)
      .filter(isUnfinished)
      .map(({ task_id }) => task_id)
      .sort((a, b) => b - a);
    const marks = await this.#ownership.marksOf(ids, MOST_READS, signal);
    return [...marks.values()].filter((mark) => mark.owner === owner && !creating.has(mark.create))
      .length;
  }
}

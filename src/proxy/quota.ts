/**
 * Limits the unfinished tasks of one owner. They are counted on the server, where all instances see them;
 * creates that its list does not show yet are counted here, also those whose page has left: the server
 * carries them out all the same. Two instances that create at the same moment may exceed the limit by what
 * the other one creates.
 */
import type { TaskSummary } from "../../generated/tasks.js";
import type { Api } from "../http/api.js";
import { readSummaries } from "../http/endpoints.js";
import type { Ownership } from "./ownership.js";
import { Refusal } from "./refusal.js";

/** Tasks that one count reads from the server; any beyond that are not counted as the owner's. */
const MOST_READS = 200;

/** The same for finished tasks, among which those of a lost create may be. */
const MOST_LOST_READS = 50;

/** Longest list that is read, in bytes. */
export const MOST_LIST_BYTES = 32_000_000;

/** How long tasks that may exist are counted though the list does not show them, in ms. */
const GRACE_MS = 60_000;

/** Whether a task is still to be done; a failed one is not. */
export function isUnfinished({ progress, error }: TaskSummary): boolean {
  return progress < 100 && error === "";
}

/** Reserved places; one of the two functions must be called. */
export interface Places {
  /** Frees them: the server has created nothing. */
  free(): void;
  /**
   * Keeps them until a list shows the tasks, or a minute has passed.
   * @param made number of tasks, if known
   */
  keep(made?: number): void;
}

/** The tasks of one create or restart. */
interface Reserved {
  /** How many tasks it has, or has at most. */
  count: number;
  /** The request runs; it has made its tasks; or it is lost, and they may exist. */
  state: "running" | "made" | "lost";
  /** When it is no longer counted, on the clock of the client. */
  until: number;
  /** The task of a restart. */
  readonly task: number | undefined;
  /** Tasks that were cancelled or deleted; lists may never show them. */
  readonly gone: Set<number>;
}

type OwnPlaces = Map<string, Reserved>;

export class Quota {
  readonly #api: Api;
  readonly #ownership: Ownership;
  readonly #limit: number;
  readonly #group: number;
  /** By owner and the name of the create. */
  readonly #reserved = new Map<string, OwnPlaces>();
  /** Owners whose tasks are being counted; counts for one owner run one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Whether the timer runs that frees places. */
  #isSweeping = false;

  constructor(api: Api, ownership: Ownership, limit: number, group: number) {
    this.#api = api;
    this.#ownership = ownership;
    this.#limit = limit;
    this.#group = group;
  }

  /**
   * Reserves places for the tasks of a create or restart.
   * @param create unique name
   * @param task the task to be restarted
   * @throws Refusal 409; 422 for more tasks than may ever be unfinished
   */
  async take(
    owner: string,
    create: string,
    count: number,
    signal: AbortSignal,
    task?: number,
  ): Promise<Places> {
    const limit = this.#limit;
    if (limit === Infinity) return { free: () => undefined, keep: () => undefined };
    if (count > limit)
      throw new Refusal(
        422,
        "not_allowed",
        `\`count\` may be at most ${limit} on this site, where no more of your tasks may be unfinished at a time.`,
      );
    const before = this.#turns.get(owner) ?? Promise.resolve();
    const turn = before.then(async () => {
      const places = this.#reserved.get(owner) ?? new Map<string, Reserved>();
      // Skip the list when the running requests and this one already exceed the limit.
      const running = sum([...places.values()].filter(({ state }) => state === "running"));
      if (
        running + count > limit ||
        (await this.#unfinished(owner, places, signal)) + count > limit
      )
        throw new Refusal(
          409,
          "too_many_unfinished",
          `At most ${limit} of your tasks may be unfinished at a time: wait for one of them, or cancel it.`,
        );
      places.set(create, { count, state: "running", until: Infinity, task, gone: new Set() });
      this.#reserved.set(owner, places);
    });
    const settled = turn.catch(() => undefined);
    this.#turns.set(owner, settled);
    void settled.then(() => {
      if (this.#turns.get(owner) === settled) this.#turns.delete(owner);
    });
    await turn;
    return {
      free: () => this.#drop(owner, create),
      keep: (made) => {
        const place = this.#reserved.get(owner)?.get(create);
        if (!place) return;
        place.count = made ?? count;
        place.state = made === undefined ? "lost" : "made";
        place.until = this.#api.clock.now() + GRACE_MS;
        this.#sweepLater();
      },
    };
  }

  /** Frees the place of a task that was cancelled or deleted. */
  gone(owner: string, id: number): void {
    const create = this.#ownership.createOf(id);
    for (const [name, place] of this.#reserved.get(owner) ?? [])
      if (name === create || place.task === id) place.gone.add(id);
  }

  #drop(owner: string, create: string): void {
    const places = this.#reserved.get(owner);
    places?.delete(create);
    if (places?.size === 0) this.#reserved.delete(owner);
  }

  /** Frees places whose time is over, also of owners who never come back. */
  #sweepLater(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#api.clock.after(
      GRACE_MS,
      () => {
        this.#isSweeping = false;
        const now = this.#api.clock.now();
        for (const [owner, places] of this.#reserved)
          for (const [create, { until }] of places) if (until <= now) this.#drop(owner, create);
        if (this.#reserved.size > 0) this.#sweepLater();
      },
      true,
    );
  }

  /** The number of the owner's unfinished tasks, including those that the list does not show yet. */
  async #unfinished(owner: string, places: OwnPlaces, signal: AbortSignal): Promise<number> {
    // The list may lack the tasks of a request that ends while it is read.
    const ended = [...places].filter(([, { state }]) => state !== "running");
    const query = { group_scope: this.#group };
    const { data } = await readSummaries(this.#api, query, signal, MOST_LIST_BYTES);
    const tasks = Object.values(data).sort((a, b) => b.task_id - a.task_id);
    const idsOf = (each: readonly TaskSummary[]): number[] => each.map(({ task_id }) => task_id);
    const unfinished = await this.#marksOf(
      owner,
      idsOf(tasks.filter(isUnfinished)),
      MOST_READS,
      signal,
    );
    // Tasks of a place may be finished by now.
    const isLost = ended.some(([, { state }]) => state === "lost");
    const all =
      places.size === 0
        ? unfinished
        : await this.#marksOf(owner, idsOf(tasks), isLost ? MOST_LOST_READS : 0, signal);
    const now = this.#api.clock.now();
    const hiddenIn = (name: string, { count, until, task, gone }: Reserved): number => {
      const shown =
        task === undefined
          ? [...all].filter(([, create]) => create === name).map(([id]) => id)
          : [task].filter((id) => unfinished.has(id));
      return until <= now ? 0 : Math.max(0, count - new Set([...shown, ...gone]).size);
    };
    const hidden = [...places].map(([name, place]) => hiddenIn(name, place));
    for (const [name, place] of ended) if (hiddenIn(name, place) === 0) this.#drop(owner, name);
    return hidden.reduce((total, each) => total + each, 0) + unfinished.size;
  }

  /** The creates of those tasks that are the owner's. */
  async #marksOf(
    owner: string,
    ids: readonly number[],
    most: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, string>> {
    const marks = await this.#ownership.marksOf(ids, most, signal);
    return new Map(
      [...marks].flatMap(([id, mark]) => (mark.owner === owner ? [[id, mark.create]] : [])),
    );
  }
}

function sum(places: readonly Reserved[]): number {
  return places.reduce((total, { count }) => total + count, 0);
}

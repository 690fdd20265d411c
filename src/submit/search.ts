/**
 * Looks for the tasks of a submission, by id (ids grow) or in the list of its flow and group, whichever costs
 * the server less. Tasks read once are remembered, since their parameters never change.
 */
import type { TaskDetails, TaskSummary } from "../../generated/tasks.js";
import type { Api } from "../http/api.js";
import { findTask } from "../http/endpoints.js";
import { retried } from "../http/retried.js";
import type { KnownTasks, TaskList } from "../tasks/known-tasks.js";
import { readList } from "../tasks/task-lists.js";
import { mapParallel } from "../time/parallel.js";
import { MARKER_HEADER } from "./marker.js";
import { groupOf, isCandidate } from "./match.js";
import { idsToRead, preferList, EXTRA_LIST_BYTES, MOST_IDS } from "./search-plan.js";
import type { Submission } from "./submission.js";

/** The dependencies of a search. */
export interface Finder {
  readonly api: Api;
  readonly known: KnownTasks;
}

/** How long to retry reading one task, or the list, before a lookup is given up, in ms. */
const READ_BUDGET_MS = 10_000;

/** Longest wait for one response during that, in ms, unless the server is known to be slower. */
const READ_MS = 3000;

/** How far below the highest id a task may be that the server does not show yet. */
const OVERTAKING_IDS = 40;

export class Search {
  readonly #finder: Finder;
  readonly #submission: Submission;
  readonly #list: TaskList;
  /** Tasks of the submission, as last seen. */
  readonly #found = new Map<number, TaskSummary>();
  /** Ids that certainly belong to others. */
  readonly #others = new Set<number>();
  /** Ids up to this one need not be read. */
  #floor: number;
  /** Bytes of lists read so far. */
  #listed = 0;

  constructor(finder: Finder, submission: Submission) {
    this.#finder = finder;
    this.#submission = submission;
    this.#floor = submission.above;
    this.#list = finder.known.listFor(submission.plan.flow, groupOf(submission.parts));
  }

  /**
   * The tasks of the submission that the server shows now, except those that other runs of this client have.
   * @param thorough also read the list when ids found nothing, as far as its size allows
   */
  async look(signal: AbortSignal, thorough = false): Promise<TaskSummary[]> {
    // Without an id to start from, only the list is left.
    if (this.#floor === 0) await this.#lookAtList(signal);
    else {
      const listed = await this.#lookAtIds(signal, thorough);
      const affordable = this.#listed + (this.#listSize() ?? Infinity) <= EXTRA_LIST_BYTES;
      const isComplete = this.#found.size >= this.#submission.plan.count;
      if (thorough && !listed && affordable && !isComplete) await this.#lookAtList(signal);
    }
    return [...this.#found.values()].filter(({ task_id }) => this.#isFree(task_id));
  }

  /** Reads one task again, by id; undefined when it is gone. */
  async again(id: number, signal: AbortSignal): Promise<TaskSummary | undefined> {
    const task = await this.#read(id, signal);
    if (task) this.#found.set(id, task);
    else this.#found.delete(id);
    return task;
  }

  #isFree(id: number): boolean {
    return this.#submission.keyed || !this.#finder.known.owns(id);
  }

  async #lookAtList(signal: AbortSignal): Promise<void> {
    const { api, known } = this.#finder;
    const { data, size } = await retried(
      api,
      READ_BUDGET_MS,
      () => readList(api, known, this.#list, signal),
      signal,
    );
    this.#listed += size;
    // A task can appear slightly later than one with a higher id.
    this.#floor = Math.max(this.#floor, known.highest - OVERTAKING_IDS);
    for (const id of this.#found.keys()) if (!(id in data)) this.#found.delete(id);
    const candidates = Object.values(data).filter((task) => {
      const { task_id } = task;
      if (this.#others.has(task_id) || !this.#isFree(task_id)) return false;
      if (this.#found.has(task_id)) this.#found.set(task_id, task);
      return !this.#found.has(task_id) && isCandidate(task, this.#submission);
    });
    for (const { task_id } of Object.values(data))
      if (!this.#found.has(task_id)) this.#others.add(task_id);
    for (const { task_id } of candidates) this.#others.delete(task_id);
    if (this.#submission.marker === undefined)
      for (const task of candidates) this.#found.set(task.task_id, task);
    else
      await mapParallel(candidates, async ({ task_id }) => {
        const task = await this.#read(task_id, signal);
        if (task) this.#take(task);
      });
  }

  /**
   * Reads ids above those that were known before the create, until none is there any more, or the list
   * costs less.
   * @returns whether the list was read
   */
  async #lookAtIds(signal: AbortSignal, wide: boolean): Promise<boolean> {
    const { plan } = this.#submission;
    const asked = new Set<number>();
    // Tasks created in the meantime are left to the next lookup, or this one might never end.
    let { highest } = this.#finder.known;
    for (;;) {
      const ids = idsToRead(this.#floor, highest, plan.count, wide).filter(
        (id) => !asked.has(id) && !this.#others.has(id) && !this.#found.has(id) && this.#isFree(id),
      );
      if (ids.length === 0 || asked.size >= MOST_IDS) return false;
      for (const id of ids) asked.add(id);
      if (preferList(this.#listSize(), asked.size)) {
        await this.#lookAtList(signal);
        return true;
      }
      await mapParallel(ids, async (id) => {
        const task = await this.#read(id, signal);
        if (!task) return;
        highest = Math.max(highest, id);
        this.#take(task);
      });
    }
  }

  #listSize(): number | undefined {
    return this.#finder.known.sizeOf(this.#list);
  }

  #take(task: TaskDetails): void {
    const { marker } = this.#submission;
    const isOurs =
      isCandidate(task, this.#submission) &&
      (marker === undefined || task.webhook_headers?.[MARKER_HEADER] === marker);
    if (isOurs) this.#found.set(task.task_id, task);
    else this.#others.add(task.task_id);
  }

  async #read(id: number, signal: AbortSignal): Promise<TaskDetails | undefined> {
    const { api, known } = this.#finder;
    // Retried one by one, or a single failed read would repeat all of them.
    const task = await retried(
      api,
      READ_BUDGET_MS,
      () => findTask(api, id, signal, Math.max(READ_MS, 2 * api.slowestMs())),
      signal,
    );
    if (task) known.recognise(id);
    return task;
  }
}

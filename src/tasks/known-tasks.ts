/** What a client remembers about the tasks it has seen. */
import type { TaskSummary } from "../../generated/tasks.js";

/** Most entries remembered of each kind; an overnight run sees more. */
const REMEMBERED = 10_000;

/** Size of a task in a list, in bytes. */
const SUMMARY_ENTRY_BYTES = 650;

/** A map that drops its oldest entries when it grows too long. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /** Adds an entry as the newest. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > REMEMBERED)
      this.#entries.delete(this.#entries.keys().next().value as Key);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}

/** The list on the server that shows a task, along with others of its flow and group. */
export interface TaskList {
  /** Flow id. */
  readonly flow: string;
  readonly group: number;
  /** Unique key of the list. */
  readonly key: string;
}

export class KnownTasks {
  #highest = 0;
  readonly #lists = new BoundedMap<number, TaskList>();
  readonly #sizes = new Map<string, number>();
  readonly #owned = new BoundedMap<number, true>();
  readonly #recognised = new BoundedMap<number, true>();

  /** Highest task id seen on the server; ids grow. 0 when none was seen. */
  get highest(): number {
    return this.#highest;
  }

  /** Records that a task with this id exists or existed. */
  saw(id: number): void {
    this.#highest = Math.max(this.#highest, id);
  }

  /** The list of a flow and group. */
  listFor(flow: string, group: number): TaskList {
    return { flow, group, key: `${group} ${flow}` };
  }

  /** Records the contents of a list, and its size in bytes. */
  listed({ key }: TaskList, size: number, tasks: Iterable<Pick<TaskSummary, "task_id">>): void {
    this.#sizes.set(key, size);
    this.sawAll(tasks);
  }

  /**
   * Size of a list in bytes: as last read, otherwise an upper bound. Undefined when nothing is known about
   * this server.
   */
  sizeOf({ key }: TaskList): number | undefined {
    return (
      this.#sizes.get(key) ?? (this.#highest > 0 ? this.#highest * SUMMARY_ENTRY_BYTES : undefined)
    );
  }

  /** The list that shows an unfinished task, if known. */
  listOf(id: number): TaskList | undefined {
    return this.#lists.get(id);
  }

  /** Records the flow and group of an unfinished task. */
  placed(id: number, flow: string, group: number): void {
    this.recognise(id);
    this.#lists.set(id, this.listFor(flow, group));
  }

  /** Forgets the list of a task that has ended. */
  ended(id: number): void {
    this.#lists.delete(id);
  }

  /** Records that a run of this client has the task. */
  own(id: number): void {
    this.saw(id);
    this.#owned.set(id, true);
  }

  /** Whether a run of this client has the task. Tasks of a create whose response was lost do not count. */
  owns(id: number): boolean {
    return this.#owned.has(id);
  }

  /** Records that the server has shown the task to this user, so it is the caller's. */
  recognise(id: number): void {
    this.saw(id);
    this.#recognised.set(id, true);
  }

  /** Whether a task is certainly the caller's. */
  recognises(id: number): boolean {
    return this.#recognised.has(id) || this.#owned.has(id);
  }

  /** Records all tasks in a list. */
  sawAll(tasks: Iterable<Pick<TaskSummary, "task_id">>): void {
    for (const { task_id } of tasks) this.recognise(task_id);
  }
}

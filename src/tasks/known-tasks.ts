/** What a client remembers of the tasks that it has met. */
import type { TaskSummary } from "../../generated/tasks.js";

/** Entries that are remembered of each kind; a night's run meets more. */
const REMEMBERED = 10_000;

/** Size of a task in a list, in bytes. */
const SUMMARY_ENTRY_BYTES = 650;

/** A map that drops its oldest entries when it has grown long. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /** Puts an entry behind all others. */
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

/** The list of a server that shows a task, with others of its flow and group. */
export interface TaskList {
  /** Flow id. */
  readonly flow: string;
  readonly group: number;
  /** One text for each such list. */
  readonly key: string;
}

export class KnownTasks {
  #highest = 0;
  readonly #lists = new BoundedMap<number, TaskList>();
  readonly #sizes = new Map<string, number>();
  readonly #owned = new BoundedMap<number, true>();
  readonly #recognised = new BoundedMap<number, true>();

  /** Highest task id seen on the server; ids grow. 0 while none was seen. */
  get highest(): number {
    return this.#highest;
  }

  /** Notes that a task of this id exists or existed. */
  saw(id: number): void {
    this.#highest = Math.max(this.#highest, id);
  }

  /** The list of a flow and group. */
  listFor(flow: string, group: number): TaskList {
    return { flow, group, key: `${group} ${flow}` };
  }

  /** Notes what a list has shown, and its size in bytes. */
  listed({ key }: TaskList, size: number, tasks: Iterable<Pick<TaskSummary, "task_id">>): void {
    this.#sizes.set(key, size);
    this.sawAll(tasks);
  }

  /**
   * Size of a list in bytes: as it was last read, else the most that it can be. Undefined where nothing is
   * known of this server.
   */
  sizeOf({ key }: TaskList): number | undefined {
    return (
      this.#sizes.get(key) ?? (this.#highest > 0 ? this.#highest * SUMMARY_ENTRY_BYTES : undefined)
    );
  }

  /** The list that shows an unfinished task, where it is known. */
  listOf(id: number): TaskList | undefined {
    return this.#lists.get(id);
  }

  /** Notes which flow and group an unfinished task belongs to. */
  placed(id: number, flow: string, group: number): void {
    this.recognise(id);
    this.#lists.set(id, this.listFor(flow, group));
  }

  /** Forgets where a task is listed, since it has ended. */
  ended(id: number): void {
    this.#lists.delete(id);
  }

  /** Notes that a run of this client has the task. */
  own(id: number): void {
    this.saw(id);
    this.#owned.set(id, true);
  }

  /** Whether a run of this client has the task: a lost create's is not among them. */
  owns(id: number): boolean {
    return this.#owned.has(id);
  }

  /** Notes that the server has shown the task to this user: it is the caller's. */
  recognise(id: number): void {
    this.saw(id);
    this.#recognised.set(id, true);
  }

  /** Whether a task is surely the caller's. */
  recognises(id: number): boolean {
    return this.#recognised.has(id) || this.#owned.has(id);
  }

  /** Notes all that a list has shown. */
  sawAll(tasks: Iterable<Pick<TaskSummary, "task_id">>): void {
    for (const { task_id } of tasks) this.recognise(task_id);
  }
}

/** All tasks of a stand-in. A change of a task updates cached texts, the journal and listeners. */
import type { BlobStore } from "../blobs.js";
import type { Task } from "./task.js";

/** What happened to a task. */
export type Change = "created" | "changed" | "removed";

export type ChangeListener = (task: Task, change: Change) => void;

export class TaskStore {
  readonly blobs: BlobStore;
  readonly #tasks = new Map<number, Task>();
  readonly #byUser = new Map<string, Map<number, Task>>();
  readonly #children = new Map<number, Set<number>>();
  readonly #waiting = new Map<number, Task>();
  readonly #texts = new Map<number, string>();
  readonly #listeners = new Set<ChangeListener>();
  #lastId = 0;

  constructor(blobs: BlobStore) {
    this.blobs = blobs;
  }

  /** Takes the next id. Ids are never reused, even if the task is not created. */
  takeId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  get lastId(): number {
    return this.#lastId;
  }

  set lastId(id: number) {
    this.#lastId = Math.max(this.#lastId, id);
  }

  get size(): number {
    return this.#tasks.size;
  }

  /** Calls `listener` after every change. Returns a function that stops this. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get(id: number): Task | undefined {
    return this.#tasks.get(id);
  }

  all(): Iterable<Task> {
    return this.#tasks.values();
  }

  ofUser(user: string): Iterable<Task> {
    return this.#byUser.get(user)?.values() ?? [];
  }

  /** Tasks that a worker could take, in the order of creation. */
  waiting(): Iterable<Task> {
    return this.#waiting.values();
  }

  childrenOf(id: number): Task[] {
    const ids = [...(this.#children.get(id) ?? [])].sort((a, b) => a - b);
    return ids.flatMap((child) => this.#tasks.get(child) ?? []);
  }

  add(task: Task): void {
    this.lastId = task.id;
    this.#tasks.set(task.id, task);
    let own = this.#byUser.get(task.user);
    if (own === undefined) this.#byUser.set(task.user, (own = new Map<number, Task>()));
    own.set(task.id, task);
    if (task.parent !== undefined) {
      let children = this.#children.get(task.parent);
      if (children === undefined) this.#children.set(task.parent, (children = new Set<number>()));
      children.add(task.id);
    }
    this.#index(task);
    this.#forgetTexts(task);
    this.#tell(task, "created");
  }

  /** Call this after each change of a task's fields. */
  changed(task: Task): void {
    if (this.#tasks.get(task.id) !== task) return;
    this.#index(task);
    this.#forgetTexts(task);
    this.#tell(task, "changed");
  }

  remove(task: Task): void {
    if (!this.#tasks.delete(task.id)) return;
    this.#byUser.get(task.user)?.delete(task.id);
    if (task.parent !== undefined) this.#children.get(task.parent)?.delete(task.id);
    this.#waiting.delete(task.id);
    this.#forgetTexts(task);
    for (const file of [...task.inputs, ...task.results]) this.blobs.release(file.blob);
    task.results = [];
    this.#tell(task, "removed");
  }

  /** Removes a task and all its descendants. */
  removeTree(task: Task): void {
    for (const child of this.childrenOf(task.id)) this.removeTree(child);
    this.remove(task);
  }

  /** A text about a task, cached until the task or one of its descendants changes. */
  text(task: Task, make: () => string): string {
    let text = this.#texts.get(task.id);
    if (text === undefined) this.#texts.set(task.id, (text = make()));
    return text;
  }

  #index(task: Task): void {
    const waits = task.lockedAt === undefined && task.error === "" && task.progress < 100;
    if (!waits) this.#waiting.delete(task.id);
    else this.#waiting.set(task.id, task);
  }

  #forgetTexts(task: Task): void {
    // The text of a parent contains its children.
    for (let one: Task | undefined = task; one !== undefined;) {
      this.#texts.delete(one.id);
      one = one.parent === undefined ? undefined : this.#tasks.get(one.parent);
    }
  }

  #tell(task: Task, change: Change): void {
    for (const listener of this.#listeners) listener(task, change);
  }
}

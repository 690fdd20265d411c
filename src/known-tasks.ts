/** What a client remembers of the tasks that it has met. */

/** Tasks that are remembered; a night's run meets more. */
const REMEMBERED = 10_000;

/** Drops the oldest entry of a memory that has grown too long. */
export function trim(memory: Set<number> | Map<number, unknown>): void {
  if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value as number);
}

/** Puts an entry behind all others. */
export function remember<T>(memory: Map<number, T>, id: number, value: T): void {
  memory.delete(id);
  memory.set(id, value);
  trim(memory);
}

export interface KnownTasks {
  /** Highest task id seen on the server. */
  highest: number;
  /** Flow and group of unfinished tasks, as `"1 sdxl_lighting"`: by these they are found in a list. */
  readonly places: Map<number, string>;
  /** The tasks that runs of this client have made: a lost create's are not among them. */
  readonly adopted: Set<number>;
}

/** Remembers which flow and group a task belongs to. */
export function place(known: KnownTasks, id: number, flow: string, group: number): void {
  known.highest = Math.max(known.highest, id);
  remember(known.places, id, `${group} ${flow}`);
}

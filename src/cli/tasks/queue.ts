/** The position of a task in the server's queue, as far as the task list shows it. */
import type { Client, TaskInfo } from "../../index.js";

/** Pause between two lists, in ms: the server sends its whole history each time. */
const PAUSE_MS = 5000;

/** If a list took longer than this, it is not requested again, in ms. */
const TOO_SLOW_MS = 1000;

/**
 * How many tasks the server runs before this one. Other users' tasks are not visible, so on a server with
 * several users this is a lower bound.
 */
export function aheadOf(tasks: readonly TaskInfo[], id: number): number | undefined {
  const own = tasks.find(({ task_id }) => task_id === id);
  if (own?.state !== "queued") return undefined;
  return tasks.filter(
    (task) =>
      (task.state === "queued" || task.state === "running") &&
      task.task_id !== id &&
      (task.state === "running" || isBefore(task, own)),
  ).length;
}

/** A higher group always runs first, then the higher priority, then the older task. */
function isBefore(one: TaskInfo, other: TaskInfo): boolean {
  if (one.group_scope !== other.group_scope) return one.group_scope > other.group_scope;
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.task_id < other.task_id;
}

/**
 * Checks the queue every few seconds until stopped.
 * @param first the frontmost task being waited for; undefined when none is queued
 */
export function watchQueue(
  client: Client,
  first: () => number | undefined,
  onPlace: (ahead: number | undefined) => void,
): () => void {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const id = first();
    if (id === undefined) {
      onPlace(undefined);
      return;
    }
    const startedAt = performance.now();
    try {
      onPlace(aheadOf(await client.tasks({}, { signal: stop.signal }), id));
    } catch {
      return;
    }
    if (performance.now() - startedAt < TOO_SLOW_MS && !stop.signal.aborted) again(PAUSE_MS);
  };
  const again = (ms: number): void => {
    timer = setTimeout(() => void look(), ms);
    timer.unref();
  };
  // Most tasks are taken at once.
  again(700);
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

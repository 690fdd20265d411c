/** Which task a worker gets next. */
import type { Task } from "./task.js";

export interface Asker {
  readonly workerId: string;
  /** Flows the worker can run; all if left out. */
  readonly flows?: ReadonlySet<string>;
  /** Only this user's tasks; all if left out. */
  readonly user?: string;
  /** Among tasks of equal priority those of this flow come first, as its models are loaded. */
  readonly lastFlow?: string;
}

function mayTake(task: Task, asker: Asker): boolean {
  if (task.customWorker !== undefined && task.customWorker !== asker.workerId) return false;
  if (asker.flows !== undefined && !asker.flows.has(task.flow)) return false;
  return asker.user === undefined || asker.user === task.user;
}

function comesBefore(a: Task, b: Task, lastFlow: string | undefined): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  if (lastFlow !== undefined && (a.flow === lastFlow) !== (b.flow === lastFlow)) {
    return a.flow === lastFlow;
  }
  return a.id < b.id;
}

/** Highest group, then highest priority, then the worker's last flow, then the order of creation. */
export function pickNext(waiting: Iterable<Task>, asker: Asker): Task | undefined {
  let best: Task | undefined;
  for (const task of waiting) {
    if (!mayTake(task, asker)) continue;
    if (best === undefined || comesBefore(task, best, asker.lastFlow)) best = task;
  }
  return best;
}

/** A set of tasks that are waited for together, and what happens when the wait is stopped. */
import type { Cancelled } from "../errors/errors.js";
import type { SubmitUncertainError } from "../errors/task-errors.js";
import { cancelTasks, noteCancellation } from "../tasks/cancel.js";
import type { BoundedMap } from "../tasks/known-tasks.js";
import type { Submitting } from "../submit/submitting.js";
import { isStop, onAbort, stopper, type Stopper } from "../time/stop.js";
import type { Watcher } from "../watch/watcher.js";
import type { Open, OpenRuns } from "./open-runs.js";
import type { StopOptions, Task } from "./run.js";

/** The dependencies of task handles. */
export interface TaskTools extends Submitting {
  readonly watcher: Watcher;
  readonly open: OpenRuns;
  /** Reruns by the id of the old task: asking twice must not create twice. */
  readonly reruns: BoundedMap<number, Rerun>;
}

/** The outcome of a rerun: the new task, or a submit whose outcome is unknown. */
export interface Rerun {
  readonly next?: Promise<Task>;
  /** Id of the new task, once it has taken the place of the old one. */
  readonly nextId?: number;
  readonly lost?: SubmitUncertainError | undefined;
}

/** The task that reruns have put in the place of another, or itself; NaN while it is being rerun. */
export function successorOf({ reruns }: TaskTools, id: number): number {
  let last = id;
  for (let rerun; (rerun = reruns.get(last))?.next;) last = rerun.nextId ?? NaN;
  return last;
}

/** Limits that apply to the whole life of a run. */
export interface RunLimits {
  readonly signal?: AbortSignal | undefined;
  /** By the client's clock. */
  readonly deadline?: number | undefined;
}

/** Called when a task of a scope is replaced. */
export type Replaced = (oldId: number, task: Task) => void;

export class Scope implements Open {
  readonly tools: TaskTools;
  /** Flow of a run that the caller owns. Stopping the wait then cancels the tasks. */
  readonly flow: string | undefined;
  readonly limits: RunLimits;
  /** Changes when a task is replaced. */
  readonly tasks: Task[] = [];
  /** Number of cancels. */
  cancels = 0;
  /** Ids of tasks that the caller cancelled or deleted one by one. */
  readonly givenUp: Set<number> = new Set<number>();
  readonly #waits = new Set<Replaced>();
  /** Nothing is left to cancel: all tasks were seen to end. */
  #over = false;
  /** Stops listening to the signal of the limits. */
  #disarm: (() => void) | undefined;
  /** The cancel that is pending or done. */
  #cancelling: Promise<Cancelled> | undefined;

  constructor(tools: TaskTools, flow?: string, limits: RunLimits = {}) {
    this.tools = tools;
    this.flow = flow;
    this.limits = limits;
    this.#begin();
  }

  /** Ids of its tasks. */
  get ids(): number[] {
    return this.tasks.map(({ id }) => id);
  }

  /** Applies for the whole life of a run, even while nothing waits for it. */
  #begin(): void {
    this.#over = false;
    this.#cancelling = undefined;
    if (this.flow === undefined) return;
    this.tools.open.add(this);
    const { signal } = this.limits;
    this.#disarm ??= signal && onAbort(signal, () => void this.stop());
  }

  /** Records that all tasks have ended. */
  end(): void {
    this.#over = true;
    this.disarm();
    this.#close();
  }

  disarm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
  }

  #close(): void {
    if (this.#waits.size === 0 && (this.#over || this.flow === undefined))
      this.tools.open.delete(this);
  }

  /** Notifies a wait of replaced tasks; call the returned function to stop. */
  wait(replaced: Replaced): () => void {
    this.#waits.add(replaced);
    this.tools.open.add(this);
    return () => {
      this.#waits.delete(replaced);
      this.#close();
    };
  }

  /** Replaces one of its tasks; pending waits continue with the new one. */
  replace(oldId: number, task: Task): void {
    const at = this.ids.indexOf(oldId);
    if (at < 0) return;
    this.tasks[at] = task;
    this.#begin();
    for (const replaced of [...this.#waits]) replaced(oldId, task);
  }

  /** Cancels the unfinished tasks on the server, only once however many waits are stopped. */
  cancel(): Promise<Cancelled> {
    this.cancels++;
    const cancelling = (this.#cancelling ??= cancelTasks(this.tools.api, this.ids).then(
      (cancelled) => {
        if (cancelled === "yes") this.tools.open.delete(this);
        if (cancelled === "unknown" && this.#cancelling === cancelling)
          this.#cancelling = undefined;
        return cancelled;
      },
    ));
    return cancelling;
  }

  stop(): Promise<Cancelled> | undefined {
    return this.flow === undefined || this.#over ? undefined : this.cancel();
  }
}

/** The stop signals of one wait: the caller's and the run's. Release it when the wait is over. */
export function stopperOf(
  { tools, limits, ids }: Scope,
  { signal, timeoutMs = Infinity }: StopOptions,
  left?: AbortSignal,
): Stopper {
  const { clock } = tools.api;
  return stopper(
    clock,
    [limits.signal, signal, left, tools.open.signal],
    Math.min(timeoutMs, (limits.deadline ?? Infinity) - clock.now()),
    `Task ${ids.join(", ")}`,
  );
}

/**
 * Completes the error of a wait, and cancels the tasks of an owned run where the caller stopped it. A client
 * that was closed ends waits as well, but its tasks go on.
 * @param stop the signal of the wait
 */
export async function ended(scope: Scope, error: unknown, stop: AbortSignal): Promise<unknown> {
  if (isStop(error)) {
    Object.assign(error, { taskIds: scope.ids });
    if (scope.flow !== undefined && stop.aborted)
      await noteCancellation(scope.tools.api.clock, error, () => scope.cancel());
  }
  return error;
}

/**
 * The runs, waits, and submits that a client has started and not finished, so that a program that stops can
 * cancel them.
 */
import type { Cancelled } from "../errors/errors.js";
import { SubmitUncertainError } from "../errors/task-errors.js";
import { cancellationOf } from "../tasks/cancel.js";
import type { Clock } from "../time/clock.js";
import { isStop } from "../time/stop.js";
import type { Run, Task } from "./run.js";

/** The outcome for a run that was stopped. */
export interface StoppedRun {
  /** Flow id. */
  readonly flow: string;
  /** Its tasks, as far as known. */
  readonly taskIds: readonly number[];
  /** `no`: it had finished, or nothing was created. */
  readonly cancelled: Cancelled;
}

/** A run, a wait, or a pending submit. */
export interface Open {
  /** Undefined for a wait that owns no tasks. */
  readonly flow: string | undefined;
  readonly ids: readonly number[];
  /** Replaces a task with another. */
  replace?(oldId: number, task: Task): void;
  /** Cancels the tasks it owns; undefined when nothing is left to cancel. */
  stop(): Promise<Cancelled> | undefined;
}

/** Limit on remembered runs. A program that never waits for its runs never sees them end. */
const REMEMBERED = 10_000;

/** Longest time a stop may take, in ms. */
const STOP_BUDGET_MS = 4500;

export class OpenRuns {
  readonly #stopped = new AbortController();
  readonly #open = new Set<Open>();

  /** Aborted when everything is stopped; ends waits and submits, including those started later. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  add(open: Open): void {
    this.#open.add(open);
    if (this.#open.size > REMEMBERED) this.delete(this.#open.values().next().value as Open);
  }

  delete(open: Open): void {
    this.#open.delete(open);
  }

  /** Replaces a task with another in every run and wait that holds it. */
  replace(oldId: number, task: Task): void {
    for (const open of [...this.#open]) open.replace?.(oldId, task);
  }

  /** Registers a pending submit; call the returned function when it ends. */
  submitting(flow: string, run: () => Promise<Run>): () => void {
    const open = {
      flow,
      ids: [] as readonly number[],
      stop: () =>
        run().then(
          (made) => made.cancel(),
          (error: unknown) => {
            if (!isStop(error)) return error instanceof SubmitUncertainError ? "unknown" : "no";
            return cancellationOf(error).finally(() => (open.ids = error.taskIds));
          },
        ),
    };
    this.add(open);
    return () => this.delete(open);
  }

  /** Stops everything, with this reason. Takes at most 4.5 s, never throws. */
  async stop(clock: Clock, reason: unknown): Promise<StoppedRun[]> {
    const stopped: StoppedRun[] = [];
    let cancel = (): void => undefined;
    const late = new Promise<"unknown">((resolve) => {
      cancel = clock.after(STOP_BUDGET_MS, () => resolve("unknown"));
    });
    const stopping = [...this.#open].map(async (open) => {
      const cancelled = open.stop();
      if (open.flow !== undefined && cancelled)
        stopped.push({
          flow: open.flow,
          cancelled: await Promise.race([cancelled, late]),
          taskIds: open.ids,
        });
    });
    this.#stopped.abort(reason);
    await Promise.all(stopping);
    cancel();
    return stopped;
  }
}

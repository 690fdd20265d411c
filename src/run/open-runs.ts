/** What a client has begun and not seen the end of, so that a program that is stopped takes it back. */
import type { Cancelled } from "../errors/errors.js";
import { SubmitUncertainError } from "../errors/task-errors.js";
import { cancellationOf } from "../tasks/cancel.js";
import type { Clock } from "../time/clock.js";
import { isStop } from "../time/stop.js";
import type { Run, Task } from "./run.js";

/** What came of a run that was stopped. */
export interface StoppedRun {
  /** Flow id. */
  readonly flow: string;
  /** Its tasks, as far as they are known. */
  readonly taskIds: readonly number[];
  /** `no`: it had finished, or nothing was created. */
  readonly cancelled: Cancelled;
}

/** A run, a wait, or a submit that is under way. */
export interface Open {
  /** Undefined of a wait that owns nothing. */
  readonly flow: string | undefined;
  readonly ids: readonly number[];
  /** Puts a task in the place of another. */
  replace?(oldId: number, task: Task): void;
  /** Cancels what is owned; undefined where nothing is left to cancel. */
  stop(): Promise<Cancelled> | undefined;
}

/** Runs that are remembered: of programs that never wait for them no end is seen. */
const REMEMBERED = 10_000;

/** How long stopping may take, in ms. */
const STOP_BUDGET_MS = 4500;

export class OpenRuns {
  readonly #stopped = new AbortController();
  readonly #open = new Set<Open>();

  /** Aborted when all is stopped; it ends waits and submits, also those that are begun later. */
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

  /** Puts a task in the place of another, wherever that is waited for. */
  replace(oldId: number, task: Task): void {
    for (const open of [...this.#open]) open.replace?.(oldId, task);
  }

  /** Notes a submit that is under way; the function returned notes its end. */
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

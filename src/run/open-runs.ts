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
  /** Undefined where nothing is owned. */
  readonly flow: string | undefined;
  readonly ids: readonly number[];
  /** Puts a task in the place of another. */
  replace?(oldId: number, task: Task): void;
  /** Cancels what is owned; undefined where nothing was. */
  stop(): Promise<StoppedRun | undefined>;
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
    if (this.#open.size > REMEMBERED) this.#open.delete([...this.#open][0] as Open);
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
    const open: Open = {
      flow,
      ids: [],
      stop: () =>
        run().then(
          async (made) => ({
            flow,
            taskIds: made.tasks.map(({ id }) => id),
            cancelled: await made.cancel(),
          }),
          async (error: unknown) => {
            const stop = isStop(error);
            if (!stop && !(error instanceof SubmitUncertainError)) return undefined;
            const cancelled = stop ? await cancellationOf(error) : "unknown";
            return { flow, taskIds: error.taskIds, cancelled };
          },
        ),
    };
    this.add(open);
    return () => this.delete(open);
  }

  /** Stops everything, with this reason. Takes at most 4.5 s, never throws. */
  async stop(clock: Clock, reason: unknown): Promise<StoppedRun[]> {
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.after(STOP_BUDGET_MS, resolve);
    });
    const stopping = [...this.#open].map(async (open): Promise<StoppedRun | undefined> => {
      const { flow, ids } = open;
      const unknown =
        flow === undefined ? undefined : { flow, taskIds: ids, cancelled: "unknown" as const };
      return Promise.race([open.stop(), late.then(() => unknown)]);
    });
    this.#stopped.abort(reason);
    const stopped = await Promise.all(stopping);
    cancel();
    return stopped.filter((run) => run !== undefined);
  }
}

/**
 * Guards a run against twins: duplicate tasks from a create that was sent twice and arrives late, or from
 * another process with the same idempotency key. Invariants: which task stays depends on ids alone, and the
 * lowest stays; before a task is deleted, the one that stays is seen alive and the other is read again, so
 * that two processes never delete each other's; a guard never keeps a process alive.
 */
import type { TaskSummary } from "../../generated/tasks.js";
import { isTaskMissing } from "../errors/request-errors.js";
import { deleteTask } from "../http/endpoints.js";
import { retried } from "../http/retried.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { KEY_PREFIX } from "./marker.js";
import { sortFound } from "./match.js";
import { Search } from "./search.js";
import type { Submission } from "./submission.js";
import type { Submitting } from "./submitting.js";

/** A task that exists twice. */
export interface Duplicate {
  /** The surplus task. */
  readonly id: number;
  /** The task that stays; undefined when the run was cancelled, so that none does. */
  readonly keptId: number | undefined;
  /** Whether it was removed from the server. */
  readonly removed: boolean;
}

/** The run that is guarded. */
export interface Guarded {
  /** Its current tasks, in order; NaN for one that is being rerun. */
  ids(): number[];
  /** Whether its caller has cancelled or deleted all its tasks, so that none is wanted. */
  isGivenUp(): boolean;
  /** Whether a task that is not among them is left alone: it was rerun, and finished or is being removed. */
  keeps(id: number): boolean;
  /** Takes another task in place of one, since it has the lower id. */
  replace(id: number, by: TaskSummary): void;
  /** Records a duplicate. */
  report(duplicate: Duplicate): void;
}

/**
 * Removes what arrives late of a create that was given up, or failed before a run came of it. With an
 * idempotency key nothing is removed: the next call with the key adopts it.
 * @param kept tasks that stay
 */
export function guardGivenUp(
  submitting: Submitting,
  submission: Submission,
  kept: readonly TaskSummary[] = [],
): void {
  if (submission.marker?.startsWith(KEY_PREFIX)) return;
  guardTwins(submitting, submission, {
    ids: () => [],
    isGivenUp: () => true,
    keeps: (id) => kept.some(({ task_id }) => task_id === id),
    replace: () => undefined,
    report: () => undefined,
  });
}

/** When it is looked, in ms after the last create: ever more rarely. */
const LOOKS_AT_MS = [5, 10, 20, 40, 80, 160, 300, 600].map((seconds) => seconds * 1000);

/** Longest time for one lookup, in ms. */
const LOOK_MS = 30_000;

export interface Guard {
  /** Looks once, now. Never throws. */
  look(): Promise<void>;
  /** Ends the guard after one last lookup. */
  close(): Promise<void>;
}

/** Starts a guard; it ends by itself. */
export function guardTwins(submitting: Submitting, submission: Submission, run: Guarded): Guard {
  const { api, guards } = submitting;
  const { clock, logger } = api;
  const start = clock.now();
  const search = new Search(submitting, submission);
  let cancelTimer = (): void => undefined;
  let looking: Promise<void> | undefined;

  const removeSurplus = async (signal: AbortSignal): Promise<void> => {
    const ids = run.ids();
    // Its successor looks like a twin until the run owns it. Left to the next lookup.
    if (ids.includes(NaN)) return;
    const shown = await search.look(signal, true);
    const strangers = shown.filter(({ task_id }) => !ids.includes(task_id) && !run.keeps(task_id));
    if (strangers.length === 0) return;
    const own = await Promise.all(ids.map((id) => search.again(id, signal)));
    if (run.ids().join() !== ids.join()) return;
    const alive = own.filter((task) => task !== undefined);
    const { keep, extra } = run.isGivenUp()
      ? { keep: [], extra: strangers }
      : sortFound(submission, [...alive, ...strangers]);
    // Another process has removed our task in favour of its own, which has the lower id.
    ids.forEach((id, index) => {
      if (own[index]) return;
      const seed = submission.plan.seed === undefined ? undefined : submission.plan.seed + index;
      const heir = keep.find(
        (task) =>
          strangers.includes(task) && (seed === undefined || task.input_params["seed"] === seed),
      );
      if (!heir) return;
      strangers.splice(strangers.indexOf(heir), 1);
      run.replace(id, heir);
      run.report({ id, keptId: heir.task_id, removed: true });
    });
    for (const task of extra) {
      const kept = keep.find(
        (each) =>
          isTwin(each, task) &&
          // Each of the run's own is replaced by another.
          !(ids.includes(task.task_id) && run.ids().includes(each.task_id)),
      );
      // If no other task stays, this one is not a twin but the only one.
      if (!kept && !run.isGivenUp()) continue;
      if (kept && !(await search.again(kept.task_id, signal))) continue;
      const { task_id: id } = task;
      if (!(await search.again(id, signal))) continue;
      // Before the other is deleted, or a wait for it would report it as cancelled.
      if (kept && ids.includes(id)) run.replace(id, kept);
      const removed = await remove(id, signal);
      run.report({ id, keptId: kept?.task_id, removed });
      logger?.warn(
        `duplicate task ${id} of ${submission.plan.flow} was ${removed ? "" : "not "}deleted`,
      );
    }
  };

  const isTwin = (kept: TaskSummary, { input_params }: TaskSummary): boolean =>
    submission.plan.seed === undefined ||
    Number(kept.input_params["seed"]) === Number(input_params["seed"]);

  const remove = (id: number, signal: AbortSignal): Promise<boolean> =>
    retried(api, LOOK_MS, () => deleteTask(api, id, signal), signal).then(
      () => true,
      isTaskMissing,
    );

  const look = (): Promise<void> => {
    if (looking) return looking;
    // Created only for one lookup: a timer that nothing cancels would keep the process alive.
    const stop = stopper(clock, [], LOOK_MS, REQUEST_TIMEOUT);
    looking = removeSurplus(stop.signal)
      .catch((error: unknown) => {
        logger?.debug(`duplicates: ${String(error)}`);
      })
      .finally(() => {
        stop.release();
        looking = undefined;
      });
    return looking;
  };

  const schedule = (): void => {
    const next = LOOKS_AT_MS.find((at) => start + at > clock.now());
    if (next === undefined) {
      guards.delete(guard);
      return;
    }
    const wake = (): void => void look().then(() => guards.has(guard) && schedule());
    cancelTimer = clock.after(start + next - clock.now(), wake, true);
  };

  const guard: Guard = {
    look,
    async close() {
      guards.delete(guard);
      cancelTimer();
      await looking;
      await look();
    },
  };
  guards.add(guard);
  schedule();
  return guard;
}

/** Cancels tasks on the server, and reports the real outcome. */
import type { AbortError, Cancelled, TimeoutError } from "../errors/errors.js";
import { HttpError, isTaskMissing } from "../errors/request-errors.js";
import type { Api } from "../http/api.js";
import { retryDelay } from "../http/backoff.js";
import { cancelTask, readTask } from "../http/endpoints.js";
import type { Clock } from "../time/clock.js";
import { mapParallel } from "../time/parallel.js";
import { sleep } from "../time/sleep.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import type { KnownTasks } from "./known-tasks.js";
import { listTasks, type TaskFilter } from "./task-info.js";
import { isFinal } from "./task-state.js";

/** How long to wait for the server to confirm that the tasks of one call are cancelled, in ms. */
export const CANCEL_BUDGET_MS = 5000;

/** The outcome of cancelling one task. */
export interface Cancellation {
  readonly id: number;
  readonly cancelled: Cancelled;
}

/**
 * Cancels tasks on the server and checks that they are gone, retrying while the server cannot be reached.
 * Never throws.
 * @param isKnown whether a task is certainly the caller's: for any other, a 404 proves nothing
 * @param budgetMs longest time it may take
 */
export async function cancelEach(
  api: Api,
  ids: readonly number[],
  isKnown: (id: number) => boolean,
  budgetMs: number = CANCEL_BUDGET_MS,
  signal?: AbortSignal,
): Promise<Cancellation[]> {
  const stop = stopper(api.clock, [signal], budgetMs, REQUEST_TIMEOUT);
  try {
    return await mapParallel(ids, async (id) => ({
      id,
      cancelled: await cancelOne(api, id, isKnown(id), stop.signal),
    }));
  } finally {
    stop.release();
  }
}

async function cancelOne(
  api: Api,
  id: number,
  known: boolean,
  signal: AbortSignal,
): Promise<Cancelled> {
  let removed = false;
  for (let failures = 0; ; failures++)
    try {
      if (!removed) await cancelTask(api, id, signal);
      removed = true;
      // The server accepts a cancel for a finished task too, and keeps the task.
      await readTask(api, id, signal);
      return "no";
    } catch (error) {
      if (isTaskMissing(error)) {
        if (removed || known) return "yes";
        api.logger?.warn(`task ${id} was not found, so nothing was cancelled`);
        return "unknown";
      }
      if (signal.aborted || (error instanceof HttpError && error.status < 500)) return "unknown";
      // An abort here is handled by the next request, which fails with the same signal.
      await sleep(api.clock, retryDelay(failures, api.clock.random()), signal).catch(
        () => undefined,
      );
    }
}

/** Cancels the caller's unfinished tasks, taken from one list, and returns the outcome for each. */
export async function cancelAll(
  api: Api,
  known: KnownTasks,
  filter: Pick<TaskFilter, "flow" | "group">,
  budgetMs: number,
  signal?: AbortSignal,
): Promise<Cancellation[]> {
  const tasks = await listTasks(api, known, filter, signal);
  const ids = tasks.filter(({ state }) => !isFinal(state)).map(({ task_id }) => task_id);
  // The list is the caller's own.
  return cancelEach(api, ids, () => true, budgetMs, signal);
}

/** Cancels tasks that are certainly the caller's; returns one outcome for all of them. */
export async function cancelTasks(api: Api, ids: readonly number[]): Promise<Cancelled> {
  return worstOf(await cancelEach(api, ids, () => true));
}

/** One outcome for several tasks: `yes` only if it holds for each. */
export function worstOf(outcomes: readonly Cancellation[]): Cancelled {
  return outcomes.find(({ cancelled }) => cancelled !== "yes")?.cancelled ?? "yes";
}

/** Pending cancellations, by the error of the stopped call. */
const cancelling = new WeakMap<object, Promise<void>>();

/** The final outcome of cancelling the tasks of a stopped call. */
export async function cancellationOf(error: AbortError | TimeoutError): Promise<Cancelled> {
  await cancelling.get(error);
  return error.cancelled;
}

/** A stopped call rejects within this time, whatever the server does, in ms. */
const STOP_GRACE_MS = 30;

/**
 * Completes the error of a stopped call: cancels its tasks on the server, and records the outcome on the
 * error, later if the server is slow.
 */
export async function noteCancellation(
  clock: Clock,
  error: AbortError | TimeoutError,
  cancel: () => Promise<Cancelled>,
): Promise<void> {
  error.cancelled = "unknown";
  const noted = cancel().then(
    (cancelled) => {
      error.cancelled = cancelled;
    },
    () => undefined,
  );
  cancelling.set(error, noted);
  await Promise.race([
    noted,
    new Promise<void>((resolve) => clock.after(STOP_GRACE_MS, resolve, true)),
  ]);
}

/** Cancels tasks on the server, and tells the truth about what came of it. */
import type { AbortError, Cancelled, TimeoutError } from "../errors/errors.js";
import { isTaskMissing } from "../errors/request-errors.js";
import type { Api } from "../http/api.js";
import { cancelTask, readTask } from "../http/endpoints.js";
import type { Clock } from "../time/clock.js";
import { mapParallel } from "../time/parallel.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";

/** How long the server is given to answer that tasks are cancelled, in ms. */
export const CANCEL_BUDGET_MS = 5000;

/** What came of the cancellation of one task. */
export interface Cancellation {
  readonly id: number;
  readonly cancelled: Cancelled;
}

/**
 * Asks the server to cancel tasks and looks whether they are gone. Takes at most 5 s, never throws.
 * @param isKnown whether a task is surely the caller's: of any other, a 404 tells nothing
 */
export async function cancelEach(
  api: Api,
  ids: readonly number[],
  isKnown: (id: number) => boolean,
): Promise<Cancellation[]> {
  const stop = stopper(api.clock, [], CANCEL_BUDGET_MS, REQUEST_TIMEOUT);
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
  try {
    await cancelTask(api, id, signal);
    removed = true;
    // The server says yes to a finished task as well, and keeps it.
    await readTask(api, id, signal);
    return "no";
  } catch (error) {
    if (!isTaskMissing(error)) return "unknown";
    if (!removed && !known)
      api.logger?.warn(
        `task ${id} was not found, so nothing was cancelled: it never existed, is gone, or belongs to another user`,
      );
    return removed || known ? "yes" : "unknown";
  }
}

/** Cancels tasks that are surely the caller's; one word for all of them. */
export async function cancelTasks(api: Api, ids: readonly number[]): Promise<Cancelled> {
  return worstOf(await cancelEach(api, ids, () => true));
}

/** One word for several tasks: `yes` only where it is true of each. */
export function worstOf(outcomes: readonly Cancellation[]): Cancelled {
  return outcomes.find(({ cancelled }) => cancelled !== "yes")?.cancelled ?? "yes";
}

/** A stopped call ends within this time, whatever the server does, in ms. */
const STOP_GRACE_MS = 30;

/**
 * Completes the error of a call that was stopped: has the server told, and notes on the error what came
 * of it, later if the server is slow.
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
  await Promise.race([
    noted,
    new Promise<void>((resolve) => clock.after(STOP_GRACE_MS, resolve, true)),
  ]);
}

/** Makes sure that no task of a stopped create keeps running. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { Cancelled } from "../errors/errors.js";
import { CANCEL_BUDGET_MS, cancelTasks } from "../tasks/cancel.js";
import { sleep } from "../time/sleep.js";
import { REQUEST_TIMEOUT, stopper } from "../time/stop.js";
import { evidenceOf, mayExist } from "./evidence.js";
import { Search } from "./search.js";
import type { Submission } from "./submission.js";
import { guardGivenUp } from "./twins.js";
import { LOOKS, type Submitting } from "./submitting.js";

/**
 * Uploads larger than this are aborted when the caller stops; smaller requests are already sent by then. In
 * bytes.
 */
const CUT_ABOVE_BYTES = 1_000_000;

/**
 * Cancels a create that may still be pending, and its tasks. Takes bounded time, never throws.
 * @param stop the error that the caller gets; the ids of the tasks are added to it
 * @param hard aborts the request
 */
export async function takeBackCreate(
  submitting: Submitting,
  submission: Submission,
  creating: Promise<CreatedTasks>,
  hard: AbortController,
  stop: object,
): Promise<Cancelled> {
  const { api } = submitting;
  const cancelLate = api.clock.after(CANCEL_BUDGET_MS, () => hard.abort(stop));
  if (mayBeCut(submission)) hard.abort(stop);
  try {
    const { tasks_ids } = await creating;
    Object.assign(stop, { taskIds: tasks_ids });
    return await cancelTasks(api, tasks_ids);
  } catch (error) {
    // Refused, or stopped between two tries: nothing was created.
    const { plan, upload, fate, keyed } = submission;
    const evidence = evidenceOf(error, plan.count, upload.unsent);
    // Of a key, an earlier call may have made tasks that were not looked for yet.
    if (!hard.signal.aborted && !fate.mayExist && !mayExist(evidence))
      return keyed ? "unknown" : "yes";
    // The server creates nothing before it has the whole form.
    if (upload.unsent === true) return "yes";
    guardGivenUp(submitting, submission);
    return await cancelFound(submitting, submission);
  } finally {
    cancelLate();
  }
}

/** Whether aborting a create now is likely to keep it from the server. */
function mayBeCut({ parts, upload }: Submission): boolean {
  if (typeof upload.unsent === "boolean") return upload.unsent;
  const sizes = parts.map(({ value }) =>
    typeof value === "string" ? value.length : (value.size ?? Infinity),
  );
  return sizes.reduce((sum, size) => sum + size, 0) > CUT_ABOVE_BYTES;
}

/**
 * Cancels what a create has made that was given up, and looks until nothing more comes. Takes bounded
 * time, never throws. `yes` only where all its tasks were found: the create may still arrive.
 */
async function cancelFound(submitting: Submitting, submission: Submission): Promise<Cancelled> {
  const { api, graceMs } = submitting;
  const { clock } = api;
  const { signal, release } = stopper(clock, [], CANCEL_BUDGET_MS, REQUEST_TIMEOUT);
  let outcome: Cancelled = "yes";
  let seen = 0;
  const search = new Search(submitting, submission);
  let quietSince = clock.now();
  try {
    while (clock.now() - quietSince < graceMs) {
      const found = await search.look(signal);
      if (found.length > 0) {
        quietSince = clock.now();
        seen += found.length;
        const cancelled = await cancelTasks(
          api,
          found.map(({ task_id }) => task_id),
        );
        if (cancelled !== "yes") outcome = cancelled;
        if (cancelled === "no") break;
      }
      await sleep(clock, graceMs / LOOKS, signal);
    }
    return outcome === "yes" && seen < submission.plan.count ? "unknown" : outcome;
  } catch {
    return "unknown";
  } finally {
    release();
  }
}

/**
 * Finds out what came of a create whose answer was lost: looks for its tasks, adopts them, and sends
 * only what is missing.
 */
import type { CreatedTasks, TaskOutput, TaskSummary } from "../../generated/tasks.js";
import type { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import { SubmitUncertainError } from "../errors/task-errors.js";
import { retryDelay } from "../http/backoff.js";
import { deleteTask } from "../http/endpoints.js";
import { mapParallel } from "../time/parallel.js";
import { sleep } from "../time/sleep.js";
import { findTasks } from "./find-tasks.js";
import { missingParts, sortFound } from "./match.js";
import { sendCreate } from "./send-create.js";
import type { Submission } from "./submission.js";
import { FIRST_CONTACT_MS, LOOKS, type CreateSignals, type Submitting } from "./submitting.js";
import { verdictOf } from "./verdict.js";

/** Creates that may be sent here without an answer, before it is left to the caller. */
const MAX_UNANSWERED = 3;

/** What `client.settle` needs to go on. Kept apart from the error, so that nothing of it is logged. */
const unsettled = new WeakMap<SubmitUncertainError, Submission>();

/** The submission behind an error of this library, if it is one. */
export function unsettledOf(error: SubmitUncertainError): Submission | undefined {
  return unsettled.get(error);
}

/**
 * Adopts the tasks of a submission and completes it.
 * @param cause what became of the create; a final refusal is thrown again, with the tasks it left
 * @throws SubmitUncertainError when the deadline comes first
 */
export async function settle(
  submitting: Submitting,
  submission: Submission,
  cause: VisionatrixError,
  { soft: signal, hard }: CreateSignals,
  deadline: number,
): Promise<CreatedTasks> {
  const { api, graceMs } = submitting;
  const { clock, logger } = api;
  const { plan } = submission;
  const lookMs = graceMs / LOOKS;
  logger?.warn(`looking for what came of a create of ${plan.flow}: ${cause.message}`);
  const marks = new Map<number, boolean>();
  let found: TaskSummary[] | undefined;
  let last: VisionatrixError = cause;
  let stableSince = 0;
  let lookedAt = 0;
  let failures = 0;
  const start = clock.now();
  // An answered error is final; tasks created before it are adopted by nobody, but are named.
  const refused = cause instanceof HttpError && verdictOf(cause) === "final";
  // Tasks of creates that were sent here and answered.
  const named: TaskSummary[] = [];
  const sleepOrGiveUp = async (): Promise<void> => {
    // A list that takes long is long, and reading it again and again would hold up everyone else.
    const tired = failures > 0 ? retryDelay(failures, clock.random()) : 0;
    const pause = Math.max(lookMs, clock.now() - lookedAt, tired);
    // A server that has never answered this client is given less time: its address may be wrong.
    const giveUpAt = api.answered() ? deadline : Math.min(deadline, start + FIRST_CONTACT_MS);
    if (clock.now() + pause > giveUpAt)
      throw refused ? cause : uncertain(submission, found ?? [], last);
    await sleep(clock, pause, signal);
  };
  let resent = false;
  let unanswered = 0;
  for (;;) {
    lookedAt = clock.now();
    try {
      const shown = await findTasks(submitting, submission, marks, signal);
      const ids = new Set(shown.map(({ task_id }) => task_id));
      const seen = [...shown, ...named.filter(({ task_id }) => !ids.has(task_id))];
      if (seen.length !== found?.length) stableSince = clock.now();
      found = seen;
      failures = 0;
    } catch (error) {
      failures++;
      if (signal.aborted) throw error;
      last = error as VisionatrixError;
      const { status } = last as { status?: number };
      if (status === 401 || status === 403)
        throw refused ? cause : uncertain(submission, found ?? [], last);
      await sleepOrGiveUp();
      continue;
    }
    const { keep, extra } = sortFound(submission, found);
    const stable = clock.now() - stableSince >= graceMs;
    // After a second create the first one may still bring forth its tasks.
    if (keep.length === plan.count && (stable || !resent)) {
      await mapParallel(extra, async ({ task_id }) => {
        await deleteTask(api, task_id, signal).catch((error: unknown) => {
          logger?.error(
            `task ${task_id} is there twice and could not be deleted: ${String(error)}`,
          );
        });
      });
      return {
        tasks_ids: keep.map(({ task_id }) => task_id),
        outputs: keep[0]?.outputs as TaskOutput[],
      };
    }
    if (!stable) {
      await sleepOrGiveUp();
      continue;
    }
    if (refused) throw keep.length > 0 ? naming(cause, submission, keep) : cause;
    if (unanswered >= MAX_UNANSWERED) throw uncertain(submission, found, last);
    resent = true;
    for (const { parts, seed } of missingParts(submission, keep)) {
      try {
        const created = await sendCreate(api, submission, parts, hard, deadline);
        named.push(...created.tasks_ids.map((id, index) => stub(id, seed, index, created.outputs)));
      } catch (error) {
        unanswered++;
        if (signal.aborted || verdictOf(error) === "final")
          throw keep.length > 0 && error instanceof HttpError
            ? naming(error, submission, keep)
            : error;
        last = error as VisionatrixError;
      }
    }
    found = undefined;
  }
}

/** What settling needs to know of a task that a create has named. */
function stub(
  task_id: number,
  firstSeed: number | undefined,
  index: number,
  outputs: readonly TaskOutput[],
): TaskSummary {
  const input_params = firstSeed === undefined ? {} : { seed: firstSeed + index };
  return { task_id, input_params, outputs } as TaskSummary;
}

/** Adds to a refusal which tasks it left on the server. */
function naming(
  error: VisionatrixError,
  { plan }: Submission,
  created: readonly TaskSummary[],
): VisionatrixError {
  const taskIds = created.map(({ task_id }) => task_id);
  return Object.assign(error, {
    taskIds,
    message: `${error.message} Before that, ${created.length} of ${plan.count} tasks were created and are queued: ${taskIds.join(", ")}.`,
  });
}

function uncertain(
  submission: Submission,
  found: readonly TaskSummary[],
  cause: VisionatrixError,
): SubmitUncertainError {
  const taskIds = found.map(({ task_id }) => task_id);
  const error = new SubmitUncertainError(submission.plan.flow, taskIds, cause);
  unsettled.set(error, submission);
  return error;
}

/**
 * Settles a create whose response was lost: looks for its tasks, adopts them, and sends only what is missing.
 */
import type { CreatedTasks, TaskOutput, TaskSummary } from "../../generated/tasks.js";
import type { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import { SubmitUncertainError } from "../errors/task-errors.js";
import { patience, retryDelay } from "../http/backoff.js";
import { deleteTask } from "../http/endpoints.js";
import { isRefusal } from "../http/verdict.js";
import { mapParallel } from "../time/parallel.js";
import { sleep } from "../time/sleep.js";
import { evidenceOf, mayExist, quietBeforeSecond, type Evidence } from "./evidence.js";
import { missingParts, sortFound } from "./match.js";
import { Search } from "./search.js";
import { sendCreate } from "./send-create.js";
import type { Submission } from "./submission.js";
import { guardGivenUp } from "./twins.js";
import { LOOKS, type CreateSignals, type Submitting } from "./submitting.js";

/** Most creates sent without a response before the caller has to decide. */
const MAX_UNANSWERED = 3;

/** The state that `client.settle` resumes from. Kept apart from the error, so that none of it gets logged. */
const unsettled = new WeakMap<SubmitUncertainError, Submission>();

/** The submission behind an error of this library, if any. */
export function unsettledOf(error: SubmitUncertainError): Submission | undefined {
  return unsettled.get(error);
}

/** Why the tasks of a create must be looked for. */
export interface LostCreate {
  readonly error: VisionatrixError;
  readonly evidence: Evidence;
}

/**
 * Adopts the tasks of a submission and creates the missing ones.
 * @param lost outcome of the create; a final rejection is rethrown, with the tasks it left
 * @throws SubmitUncertainError when the deadline passes first
 */
export async function settle(
  submitting: Submitting,
  submission: Submission,
  lost: LostCreate,
  { soft: signal, hard }: CreateSignals,
  deadline: number,
): Promise<CreatedTasks> {
  const { api, graceMs } = submitting;
  const { clock, logger } = api;
  const { plan, upload, fate } = submission;
  logger?.warn(`looking for tasks of ${plan.flow}: ${lost.error.message}`);
  const search = new Search(submitting, submission);
  const start = clock.now();
  // A rejection by the server is final. Tasks created before it are not adopted, but the error names them.
  const refused = lost.evidence === "partial" ? lost.error : undefined;
  // Tasks of creates that were sent here and got a response.
  const named: TaskSummary[] = [];
  let { evidence, error: last } = lost;
  let found: TaskSummary[] | undefined;
  let quietSince = 0;
  let lookedAt = 0;
  let failures = 0;
  let unanswered = 0;
  let notBefore = 0;

  const pauseOrGiveUp = async (quietMs: number): Promise<void> => {
    // A slow lookup is expensive for the server, and repeating it quickly would hold up everyone.
    const tired = failures > 0 ? retryDelay(failures, clock.random()) : 0;
    const pause = Math.max(quietMs / LOOKS, clock.now() - lookedAt, tired);
    const giveUpAt = start + patience(api, deadline - start);
    if (clock.now() + pause > giveUpAt) throw refused ?? uncertain(submission, found ?? [], last);
    await sleep(clock, pause, signal);
  };

  for (;;) {
    lookedAt = clock.now();
    const slowestMs = api.slowestMs();
    const quietMs = quietBeforeSecond(evidence, {
      graceMs,
      slowestMs,
      leftMs: deadline - lookedAt,
    });
    try {
      const late = found !== undefined && lookedAt - quietSince >= quietMs / 2;
      const shown = await search.look(signal, late);
      const ids = new Set(shown.map(({ task_id }) => task_id));
      const seen = [...shown, ...named.filter(({ task_id }) => !ids.has(task_id))];
      if (seen.length !== found?.length) quietSince = clock.now();
      found = seen;
      failures = 0;
    } catch (error) {
      failures++;
      if (signal.aborted) throw error;
      last = error as VisionatrixError;
      if (isRefusal(last as { status?: number }) || last.code === "answer_too_long")
        throw refused ?? uncertain(submission, found ?? [], last);
      await pauseOrGiveUp(quietMs);
      continue;
    }
    const { keep, extra } = sortFound(submission, found);
    const quiet = clock.now() >= Math.max(quietSince + quietMs, notBefore);
    // After a second create, tasks of the first may still appear: a guard keeps looking for them.
    if (keep.length === plan.count) {
      await mapParallel(extra, ({ task_id }) =>
        deleteTask(api, task_id, signal).catch((error: unknown) => {
          logger?.error(`duplicate task ${task_id} was not deleted: ${String(error)}`);
        }),
      );
      return {
        tasks_ids: keep.map(({ task_id }) => task_id),
        outputs: keep[0]?.outputs as TaskOutput[],
      };
    }
    if (!quiet) {
      await pauseOrGiveUp(quietMs);
      continue;
    }
    if (refused) throw keep.length > 0 ? naming(refused, submission, keep) : refused;
    if (unanswered >= MAX_UNANSWERED) throw uncertain(submission, found, last);
    fate.sentAgain = true;
    for (const { parts, seed, count } of missingParts(submission, keep)) {
      try {
        const created = await sendCreate(api, submission, parts, hard, deadline);
        named.push(...created.tasks_ids.map((id, index) => stub(id, seed, index, created.outputs)));
      } catch (error) {
        const shown = evidenceOf(error, count, upload.unsent);
        if (signal.aborted) throw error;
        if (mayExist(shown)) {
          unanswered++;
          evidence = shown;
        } else if (shown === "unsent") {
          const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
          notBefore = clock.now() + retryAfterMs;
        } else {
          // Without credentials it cannot be seen what comes of the first create.
          if (isRefusal(error as HttpError)) throw uncertain(submission, keep, error as HttpError);
          guardGivenUp(submitting, submission, keep);
          throw keep.length > 0 && error instanceof HttpError
            ? naming(error, submission, keep)
            : error;
        }
        last = error as VisionatrixError;
      }
    }
    found = undefined;
  }
}

/** The part of a task named by a create that settling needs. */
function stub(
  task_id: number,
  firstSeed: number | undefined,
  index: number,
  outputs: readonly TaskOutput[],
): TaskSummary {
  const input_params = firstSeed === undefined ? {} : { seed: firstSeed + index };
  return { task_id, input_params, outputs } as TaskSummary;
}

/** Adds to a rejection the tasks it left on the server. */
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
  // A repeated `client.settle` reports the original cause, not its own earlier failure.
  const first = cause instanceof SubmitUncertainError ? (cause.cause as Error) : cause;
  const error = new SubmitUncertainError(submission.plan.flow, taskIds, first);
  unsettled.set(error, submission);
  return error;
}

/**
 * Finds out what came of a create whose answer was lost: looks for its tasks, adopts them, and sends
 * only what is missing. Loaded only when it is needed.
 */
import type { CreatedTasks, TaskOutput, TaskSummary } from "../generated/tasks.js";
import type { Api } from "./api.js";
import { readSummaries, readTask, type ListFilter } from "./api-watch.js";
import type { Context } from "./context.js";
import { HttpError } from "./request-errors.js";
import { SubmitUncertainError } from "./run-errors.js";
import type { Cancelled, VisionatrixError } from "./errors.js";
import { deleteTask } from "./api-more.js";
import { CANCEL_BUDGET_MS, cancelTasks } from "./cancel.js";
import type { FormPart } from "./form.js";
import { mapParallel } from "./parallel.js";
import { MAX_PAUSE_MS, retryDelay } from "./pace.js";
import { FIRST_CONTACT_MS, verdictOf } from "./recover.js";
import { sleep } from "./sleep.js";
import { unlessAborted } from "./stop.js";
import { sendCreate, type CreateSignals, type Submission } from "./submit.js";
import { MARKER_HEADER } from "./webhook-fields.js";

/** Creates that may be sent here without an answer, before it is left to the caller. */
const MAX_UNANSWERED = 3;

/** Looks within the time after which a number of tasks counts as stable. */
const LOOKS = 8;

/** Whether a task can be one of a submission. Pure: the marker is checked apart. */
export function isCandidate(task: TaskSummary, { plan, above }: Submission): boolean {
  if (task.task_id <= above || task.name !== plan.flow) return false;
  const sent = new Map(plan.parts.map(({ name, value }) => [name, value]));
  const { seed, ...params } = task.input_params;
  const sameParams =
    // The server then stores prompts of its own.
    sent.get("surprise_me") === "1" ||
    Object.entries(params).every(([name, value]) => asStored(sent.get(name)) === value);
  if (plan.seed === undefined) return sameParams;
  const offset = Number(seed) - plan.seed;
  return sameParams && offset >= 0 && offset < plan.count;
}

/** Forms carry every line break as CR LF and half a character as U+FFFD, and so the server has them. */
function asStored(value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/\r\n|\r|\n/g, "\r\n").replace(/\p{Surrogate}/gu, "\ufffd")
    : value;
}

/** What has to be sent so that a submission is complete, given the seeds found so far. */
export function missingParts(
  { plan, parts }: Submission,
  found: readonly TaskSummary[],
): { parts: readonly FormPart[]; count: number; seed: number | undefined }[] {
  const { seed, count } = plan;
  const requests: ReturnType<typeof missingParts> = [];
  const request = (n: number, firstSeed: number | undefined): void => {
    const changed = new Map<string, string>();
    if (plan.count > 1) changed.set("count", String(n));
    if (firstSeed !== undefined) changed.set("seed", String(firstSeed));
    requests.push({
      count: n,
      seed: firstSeed,
      parts: parts.map(({ name, value }) => ({ name, value: changed.get(name) ?? value })),
    });
  };
  if (seed === undefined) {
    if (found.length < count) request(count - found.length, undefined);
    return requests;
  }
  const have = new Set(found.map(({ input_params }) => Number(input_params["seed"])));
  let run = 0;
  for (let offset = 0; offset <= count; offset++) {
    if (offset < count && !have.has(seed + offset)) run++;
    else if (run > 0) {
      request(run, seed + offset - run);
      run = 0;
    }
  }
  return requests;
}

/** The tasks to keep, in order, and those that are there twice. */
export function sortFound(
  { plan }: Submission,
  found: readonly TaskSummary[],
): { keep: TaskSummary[]; extra: TaskSummary[] } {
  const byId = [...found].sort((a, b) => a.task_id - b.task_id);
  const keep = new Map<number, TaskSummary>();
  const extra: TaskSummary[] = [];
  byId.forEach((task, index) => {
    const key = plan.seed === undefined ? index : Number(task.input_params["seed"]);
    if (keep.has(key) || keep.size >= plan.count) extra.push(task);
    else keep.set(key, task);
  });
  return { keep: [...keep].sort(([a], [b]) => a - b).map(([, task]) => task), extra };
}

/** How long no more tasks of a lost create must show up, in ms. */
function graceOf({ options }: Context): number {
  return options.retry?.graceMs ?? 2000;
}

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
  context: Context,
  submission: Submission,
  cause: VisionatrixError,
  { soft: signal, hard }: CreateSignals,
  deadline: number,
): Promise<CreatedTasks> {
  const { api, options } = context;
  const graceMs = graceOf(context);
  const { plan } = submission;
  const lookMs = graceMs / LOOKS;
  options.logger?.warn(`looking for what came of a create of ${plan.flow}: ${cause.message}`);
  const marks = new Map<number, boolean>();
  let found: TaskSummary[] | undefined;
  let last: VisionatrixError = cause;
  let stableSince = 0;
  let lookedAt = 0;
  let failures = 0;
  const start = Date.now();
  // An answered error is final; tasks created before it are adopted by nobody, but are named.
  const refused = cause instanceof HttpError && verdictOf(cause) === "final";
  // Tasks of creates that were sent here and answered.
  const named: TaskSummary[] = [];
  const sleepOrGiveUp = async (): Promise<void> => {
    // A list that takes long is long, and reading it again and again would hold up everyone else.
    const tired = failures > 0 ? retryDelay(failures, Math.random(), MAX_PAUSE_MS) : 0;
    const pause = Math.max(lookMs, Date.now() - lookedAt, tired);
    // A server that has never answered this client is given less time: its address may be wrong.
    const giveUpAt = api.answered() ? deadline : Math.min(deadline, start + FIRST_CONTACT_MS);
    if (Date.now() + pause > giveUpAt)
      throw refused ? cause : uncertain(submission, found ?? [], last);
    await sleep(pause, signal);
  };
  let resent = false;
  let unanswered = 0;
  for (;;) {
    lookedAt = Date.now();
    try {
      const shown = await findTasks(context, submission, marks, signal);
      const ids = new Set(shown.map(({ task_id }) => task_id));
      const seen = [...shown, ...named.filter(({ task_id }) => !ids.has(task_id))];
      if (seen.length !== found?.length) stableSince = Date.now();
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
    const stable = Date.now() - stableSince >= graceMs;
    // After a second create the first one may still bring forth its tasks.
    if (keep.length === plan.count && (stable || !resent)) {
      await mapParallel(extra, async ({ task_id }) => {
        await deleteTask(api, task_id, signal).catch((error: unknown) => {
          options.logger?.error(
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
        const created = await sendCreate(context, submission, parts, hard, deadline);
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

/**
 * The tasks of a submission that the server shows now.
 * @param marks which tasks carry its marker, from earlier looks: a task keeps what it was created with
 */
async function findTasks(
  { api, known }: Context,
  submission: Submission,
  marks: Map<number, boolean>,
  signal: AbortSignal,
): Promise<TaskSummary[]> {
  const group = submission.parts.find(({ name }) => name === "group_scope")?.value;
  const { data } = await freshList(
    api,
    { name: submission.plan.flow, group_scope: Number(group ?? 1) },
    signal,
  );
  const candidates = Object.values(data).filter(
    (task) => isCandidate(task, submission) && !known.adopted.has(task.task_id),
  );
  if (submission.marker === undefined) return candidates;
  const unread = candidates.filter(({ task_id }) => !marks.has(task_id));
  await mapParallel(unread, async ({ task_id }) => {
    const { data: task } = await readTask(api, task_id, signal);
    marks.set(task_id, task.webhook_headers?.[MARKER_HEADER] === submission.marker);
  });
  return candidates.filter(({ task_id }) => marks.get(task_id));
}

/** Lists that are being read, and those that will be read next, by what they hold. */
const reading = new WeakMap<Api, Map<string, { now?: Promise<List>; next?: Promise<List> }>>();
type List = Awaited<ReturnType<typeof readSummaries>>;

/**
 * A list read after this call. When a server comes back, hundreds of creates may want the same one, so
 * all that ask while one is being read share the next.
 */
async function freshList(api: Api, filter: ListFilter, signal: AbortSignal): Promise<List> {
  const lists =
    reading.get(api) ?? new Map<string, { now?: Promise<List>; next?: Promise<List> }>();
  reading.set(api, lists);
  const key = JSON.stringify(filter);
  const entry = lists.get(key) ?? {};
  lists.set(key, entry);
  const read = (): Promise<List> => {
    delete entry.next;
    return (entry.now = readSummaries(api, filter).finally(() => delete entry.now));
  };
  const list = entry.now ? (entry.next ??= entry.now.then(read, read)) : read();
  return unlessAborted(list, signal);
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

/**
 * Takes back a create that was given up: cancels what it made, and looks until nothing more comes.
 * Takes bounded time, never throws.
 */
export async function takeBack(context: Context, submission: Submission): Promise<Cancelled> {
  const signal = AbortSignal.timeout(CANCEL_BUDGET_MS);
  let outcome: Cancelled = "yes";
  const marks = new Map<number, boolean>();
  const graceMs = graceOf(context);
  let quietSince = Date.now();
  try {
    while (Date.now() - quietSince < graceMs) {
      const found = await findTasks(context, submission, marks, signal);
      if (found.length > 0) {
        quietSince = Date.now();
        const cancelled = await cancelTasks(
          context,
          found.map(({ task_id }) => task_id),
        );
        if (cancelled !== "yes") outcome = cancelled;
        if (cancelled === "no") break;
      }
      await sleep(graceMs / LOOKS, signal);
    }
    return outcome;
  } catch {
    return "unknown";
  }
}

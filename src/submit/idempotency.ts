/**
 * Idempotency keys, for a server that has none. A key becomes a marker that tasks carry (hashed, never in
 * clear) and, where the flow draws a seed, the seed. One list of the flow then shows the candidates, and a
 * read by id confirms them.
 */
import type { CreatedTasks, TaskDetails, TaskSummary } from "../../generated/tasks.js";
import { VisionatrixError } from "../errors/errors.js";
import { toHex } from "../bytes/hex.js";
import { findTask } from "../http/endpoints.js";
import { retried } from "../http/retried.js";
import { MAX_SEED } from "../flow/numbers.js";
import { STANDARD_PARAMETERS } from "../flow/parameter.js";
import { parameterOf } from "../tasks/input-file.js";
import { readList } from "../tasks/task-lists.js";
import { mapParallel } from "../time/parallel.js";
import { createOnce } from "./create-once.js";
import { KEY_PREFIX, MARKER_HEADER } from "./marker.js";
import { asStored, groupOf, missingParts, sortFound } from "./match.js";
import type { Submission } from "./submission.js";
import type { CreateSignals, Submitting } from "./submitting.js";

/** What a caller's key becomes in one flow and group. */
export interface RunKey {
  /** Value of the marker. */
  readonly marker: string;
  /** Seed of the first task, when the flow takes one and the caller gave none. */
  readonly seed: number;
}

/** How to look for the tasks of a key. */
export interface KeyOptions {
  /** Skip tasks up to this id. */
  readonly keyAbove?: number | undefined;
  /** Create nothing. */
  readonly adoptOnly?: boolean | undefined;
}

/** Range of seeds per key, which may already have tasks with other counts. */
const SEEDS_PER_KEY = 100_000;

/** Most candidates read by id. */
const MOST_CANDIDATES = 200;

/** @throws VisionatrixError `invalid_option` for an empty key, or if the platform cannot hash */
export async function runKey(key: unknown, flow: string, group: number): Promise<RunKey> {
  if (typeof key !== "string" || key === "")
    throw new VisionatrixError("invalid_option", "`idempotencyKey` must be a non-empty string.");
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!subtle)
    throw new VisionatrixError(
      "invalid_option",
      "`idempotencyKey` needs a page served over https or from localhost.",
    );
  const text = new TextEncoder().encode(JSON.stringify([flow, group, key]));
  const hash = new Uint8Array(await subtle.digest("SHA-256", text));
  const number = new DataView(hash.buffer).getUint32(16);
  return {
    marker: `${KEY_PREFIX}${toHex(hash.subarray(0, 16))}`,
    seed: 1 + (number % (MAX_SEED - SEEDS_PER_KEY)),
  };
}

/**
 * Creates the tasks that earlier calls with the same key, in any process, have not created, and adopts the
 * rest.
 * @throws VisionatrixError `key_reused` if the key had other parameters, `key_unverifiable` where the lookup
 * costs too much
 */
export async function createByKey(
  submitting: Submitting,
  submission: Submission,
  { keyAbove = 0, adoptOnly = false }: KeyOptions,
  signals: CreateSignals,
): Promise<CreatedTasks> {
  const found = await retried(
    submitting.api,
    submitting.budgetMs,
    () => lookForKey(submitting, submission, keyAbove, signals.soft),
    signals.soft,
  );
  const { keep } = sortFound(submission, found);
  if (adoptOnly && keep.length === 0)
    throw new VisionatrixError("task_not_found", "No task on the server has this idempotencyKey.");
  if (keep.length === 0) return createOnce(submitting, submission, signals);
  const tasks = keep.map(({ task_id, input_params }) => ({ task_id, seed: input_params["seed"] }));
  for (const { parts, count, seed } of adoptOnly ? [] : missingParts(submission, keep)) {
    const plan = { ...submission.plan, count, seed };
    const created = await createOnce(submitting, { ...submission, plan, parts }, signals);
    created.tasks_ids.forEach((task_id, index) =>
      tasks.push({ task_id, seed: seed === undefined ? undefined : seed + index }),
    );
  }
  tasks.sort((a, b) => Number(a.seed ?? a.task_id) - Number(b.seed ?? b.task_id));
  return { tasks_ids: tasks.map(({ task_id }) => task_id), outputs: keep[0]?.outputs ?? [] };
}

/** Looks up the tasks of a key. */
async function lookForKey(
  { api, known }: Submitting,
  submission: Submission,
  above: number,
  signal: AbortSignal,
): Promise<TaskSummary[]> {
  const { plan, parts, marker } = submission;
  const list = known.listFor(plan.flow, groupOf(parts));
  const shown = await readList(api, known, list, signal).catch((error: unknown) => {
    throw (error as { code?: string }).code === "answer_too_long"
      ? unverifiable((error as Error).message)
      : error;
  });
  const candidates = Object.values(shown.data).filter(
    (task) => task.task_id > above && mayHaveKey(task, submission),
  );
  if (candidates.length > MOST_CANDIDATES)
    throw unverifiable(`${candidates.length} tasks of ${plan.flow} could have it.`);
  const read = await mapParallel(candidates, ({ task_id }) => findTask(api, task_id, signal));
  const found = read.filter(
    (task): task is TaskDetails => task?.webhook_headers?.[MARKER_HEADER] === marker,
  );
  for (const task of found) {
    const difference = differenceOf(task, submission);
    if (difference)
      throw new VisionatrixError(
        "key_reused",
        `Task ${task.task_id} of ${plan.flow} used this idempotencyKey with other parameters: ${difference}. Nothing was created.`,
        { taskIds: [task.task_id] },
      );
  }
  return found;
}

/** Whether a task in a list can belong to the key. Pure. */
function mayHaveKey(task: TaskSummary, { plan, parts }: Submission): boolean {
  if (task.name !== plan.flow) return false;
  if (plan.seed !== undefined) {
    const offset = Number(task.input_params["seed"]) - plan.seed;
    return offset >= 0 && offset < SEEDS_PER_KEY;
  }
  const files = parts.filter(({ value }) => typeof value !== "string");
  return files.length <= task.input_files.length;
}

/** What differs between a task of the key and the current call; undefined when nothing does. Pure. */
function differenceOf(task: TaskSummary, { plan, parts }: Submission): string | undefined {
  const { seed, ...params } = task.input_params;
  if (plan.seed !== undefined && Number(seed) - plan.seed >= plan.count)
    return `it made more than ${plan.count} tasks`;
  const sent = new Map(parts.map(({ name, value }) => [name, value]));
  if (sent.get("surprise_me") === "1") return undefined;
  for (const [name, before] of Object.entries(params)) {
    const now = sent.get(name);
    if (typeof now !== "object" && asStored(now) !== before)
      return `\`${name}\` was ${JSON.stringify(before)}`;
  }
  for (const { name, value } of parts) {
    if (typeof value === "string") {
      // References stand for files, and are not among the texts.
      const isInput = !Object.hasOwn(STANDARD_PARAMETERS, name) && !/^\{.*"task_id"/.test(value);
      if (isInput && !Object.hasOwn(params, name)) return `\`${name}\` was not given`;
    } else {
      const file = task.input_files.find(({ file_name }) => parameterOf(file_name) === name);
      if (file && value.size !== undefined && file.file_size !== value.size)
        return `the file of \`${name}\` had ${file.file_size} bytes`;
    }
  }
  return undefined;
}

function unverifiable(why: string): VisionatrixError {
  return new VisionatrixError(
    "key_unverifiable",
    `Cannot check whether the idempotencyKey was used before: ${why} Nothing was created.`,
  );
}

/** Decides which tasks on the server belong to a submission, and what is still missing. Pure. */
import type { TaskSummary } from "../../generated/tasks.js";
import type { FormPart } from "../flow/field.js";
import type { Submission } from "./submission.js";

/** Whether a task can belong to a submission; the marker is checked separately. */
export function isCandidate(task: TaskSummary, { plan, above }: Submission): boolean {
  if (task.task_id <= above || task.name !== plan.flow) return false;
  const sent = new Map(plan.parts.map(({ name, value }) => [name, value]));
  const { seed, ...params } = task.input_params;
  const sameParams =
    // With `surprise_me`, the server stores its own prompts.
    sent.get("surprise_me") === "1" ||
    Object.entries(params).every(([name, value]) => asStored(sent.get(name)) === value);
  if (plan.seed === undefined) return sameParams;
  const offset = Number(seed) - plan.seed;
  return sameParams && offset >= 0 && offset < plan.count;
}

/** The group that a form puts its tasks into. */
export function groupOf(parts: readonly FormPart[]): number {
  return Number(parts.find(({ name }) => name === "group_scope")?.value ?? 1);
}

/**
 * Forms encode every line break as CR LF and a lone surrogate as U+FFFD, so the server stores them that way.
 */
export function asStored(value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/\r\n|\r|\n/g, "\r\n").replace(/\p{Surrogate}/gu, "\ufffd")
    : value;
}

/** What must be sent to complete a submission, given the seeds found so far. */
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

/** The tasks to keep, in order, and the duplicates. */
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

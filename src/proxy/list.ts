/**
 * The list of an owner's tasks. The server's list does not say whose a task is, so unknown ones are read by
 * id: newest first, at most a fixed number per call, and each only once.
 */
import type { TaskSummary } from "../../generated/tasks.js";
import { readSummaries } from "../http/endpoints.js";
import { shownSummary } from "./answers.js";
import { MOST_LIST_BYTES } from "./quota.js";
import type { Tools } from "./tools.js";

/** Unknown tasks read per call. */
const MOST_READS = 50;

/** Newest tasks considered; as many as can be remembered. */
const MOST_TASKS = 10_000;

/** The tasks of an owner, by id. If this instance does not know a long history yet, only the newest. */
export async function ownList(
  { api, group, ownership }: Tools,
  owner: string,
  flow: string | undefined,
  signal: AbortSignal,
): Promise<Record<string, object>> {
  const query = { ...(flow !== undefined && { name: flow }), group_scope: group };
  const { data } = await readSummaries(api, query, signal, MOST_LIST_BYTES);
  const tasks = new Map(Object.values(data).map((task) => [task.task_id, task]));
  const ids = [...tasks.keys()].sort((a, b) => b - a).slice(0, MOST_TASKS);
  const marks = await ownership.marksOf(ids, MOST_READS, signal);
  return Object.fromEntries(
    ids
      .filter((id) => marks.get(id)?.owner === owner)
      .map((id) => [id, shownSummary(tasks.get(id) as TaskSummary)]),
  );
}

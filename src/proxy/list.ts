/**
 * The list of an owner's tasks. The server's list does not tell whose a task is, so that unknown ones are
 * read by their ids: newest first, and a bounded number a call. Each is asked for once.
 */
import type { TaskSummary } from "../../generated/tasks.js";
import { readSummaries } from "../http/endpoints.js";
import { shownSummary } from "./answers.js";
import { MOST_LIST_BYTES } from "./quota.js";
import type { Tools } from "./tools.js";

/** Unknown tasks that one call asks about. */
const MOST_READS = 50;

/** Newest tasks that are looked at; as many as can be remembered. */
const MOST_TASKS = 10_000;

/** The tasks of an owner, by id. Of a long history that is new to this instance, the newest. */
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

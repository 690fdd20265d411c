/** Looks for the tasks of a create whose answer was lost. */
import type { TaskSummary } from "../../generated/tasks.js";
import type { Api } from "../http/api.js";
import { readSummaries, readTask, type ListFilter } from "../http/endpoints.js";
import type { KnownTasks } from "../tasks/known-tasks.js";
import { mapParallel } from "../time/parallel.js";
import { unlessAborted } from "../time/stop.js";
import { MARKER_HEADER } from "./marker.js";
import { isCandidate } from "./match.js";
import type { Submission } from "./submission.js";

/** What looking works with. */
export interface Finder {
  readonly api: Api;
  readonly known: KnownTasks;
}

/**
 * The tasks of a submission that the server shows now.
 * @param marks which tasks carry its marker, from earlier looks: a task keeps what it was created with
 */
export async function findTasks(
  { api, known }: Finder,
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
  known.sawAll(Object.values(data));
  const candidates = Object.values(data).filter(
    (task) => isCandidate(task, submission) && !known.owns(task.task_id),
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

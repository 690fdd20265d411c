/** Reads the list of a flow and group once for all concurrent callers. */
import type { TaskSummary } from "../../generated/tasks.js";
import type { Api, Sized } from "../http/api.js";
import { readSummaries } from "../http/endpoints.js";
import { unlessAborted } from "../time/stop.js";
import type { KnownTasks, TaskList } from "./known-tasks.js";

type Summaries = Sized<Record<string, TaskSummary>>;

/** Longest list that is read to find a create again, in bytes. */
const MOST_BYTES = 32_000_000;

/** Lists being read, and those to be read next, by key. */
const reading = new WeakMap<
  Api,
  Map<string, { now?: Promise<Summaries>; next?: Promise<Summaries> }>
>();

/**
 * A list whose read starts after this call. When a server comes back, hundreds of creates may want the same
 * list, so all callers that arrive during one read share the next.
 */
export function readList(
  api: Api,
  known: KnownTasks,
  list: TaskList,
  signal: AbortSignal,
): Promise<Summaries> {
  const lists =
    reading.get(api) ?? new Map<string, { now?: Promise<Summaries>; next?: Promise<Summaries> }>();
  reading.set(api, lists);
  const entry = lists.get(list.key) ?? {};
  lists.set(list.key, entry);
  const read = (): Promise<Summaries> => {
    delete entry.next;
    const filter = { name: list.flow, group_scope: list.group };
    return (entry.now = readSummaries(api, filter, undefined, MOST_BYTES)
      .then((answer) => {
        known.listed(list, answer.size, Object.values(answer.data));
        return answer;
      })
      .finally(() => delete entry.now));
  };
  const wanted = entry.now ? (entry.next ??= entry.now.then(read, read)) : read();
  return unlessAborted(wanted, signal);
}

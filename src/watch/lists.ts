/** Polls many tasks with one list when that costs the server less than reading each by id. */
import type { TaskSummary } from "../../generated/tasks.js";
import type { Api } from "../http/api.js";
import { readSummaries } from "../http/endpoints.js";
import type { KnownTasks, TaskList } from "../tasks/known-tasks.js";
import { nextList, preferSummary } from "./pace.js";
import type { Watched } from "./watched.js";

/** The dependencies of reading lists. */
export interface ListReader {
  readonly api: Api;
  readonly minMs: number;
  readonly known: KnownTasks;
  /** All watched tasks. */
  readonly watched: ReadonlyMap<number, Watched>;
  /** Applies what the server says about a task. */
  readonly update: (entry: Watched, task: TaskSummary, askedAt: number) => void;
  /** Runs one request on behalf of some tasks. */
  readonly read: (entries: readonly Watched[], run: (signal: AbortSignal) => Promise<void>) => void;
}

/**
 * Starts reading due tasks, and others in the same lists, by flow and group.
 * @returns the tasks that must be read by id
 */
export function readLists(reader: ListReader, due: readonly Watched[]): Watched[] {
  const { watched, known } = reader;
  const single: Watched[] = [];
  for (const [list, group] of byList(due, known)) {
    const members = [...watched.values()].filter(
      ({ id, unlisted }) => !unlisted && known.listOf(id)?.key === list?.key,
    );
    if (!list || !preferSummary(members.length, known.sizeOf(list))) single.push(...group);
    // Only one read per list at a time; a pending read shows in its members.
    else if (!members.some(({ reading }) => reading)) readList(reader, list, members);
  }
  return single;
}

function readList(reader: ListReader, list: TaskList, members: readonly Watched[]): void {
  const { api, minMs, watched, known, update, read } = reader;
  const { clock } = api;
  const askedAt = clock.now();
  read(members, async (signal) => {
    const filter = { name: list.flow, group_scope: list.group };
    const { data, size } = await readSummaries(api, filter, signal);
    known.listed(list, size, Object.values(data));
    const left: Watched[] = [];
    for (const entry of members) {
      if (watched.get(entry.id) !== entry) continue;
      const task = data[entry.id];
      if (task) update(entry, task, askedAt);
      else {
        // Cancelled or deleted; a read by id will tell.
        entry.unlisted = true;
        entry.dueAt = askedAt;
      }
      if (watched.get(entry.id) === entry && task) left.push(entry);
    }
    const now = clock.now();
    const first = Math.min(...left.map(({ dueAt }) => dueAt)) - now;
    const running = left.some(({ view }) => view.state === "running");
    const next = now + nextList(size, first, running, minMs);
    for (const entry of left) entry.dueAt = Math.max(next, running ? 0 : entry.dueAt);
  });
}

function byList(
  entries: readonly Watched[],
  known: KnownTasks,
): Map<TaskList | undefined, Watched[]> {
  const lists = new Map<string | undefined, TaskList | undefined>();
  const groups = new Map<TaskList | undefined, Watched[]>();
  for (const entry of entries) {
    const found = entry.unlisted ? undefined : known.listOf(entry.id);
    const list = lists.get(found?.key) ?? found;
    lists.set(list?.key, list);
    const group = groups.get(list);
    if (group) group.push(entry);
    else groups.set(list, [entry]);
  }
  return groups;
}

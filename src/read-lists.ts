/** Reads many tasks by one list where that costs the server less. Loaded when several are watched. */
import { nextList, preferSummary } from "./pace.js";
import type { Round, Watched } from "./watch.js";

/**
 * Reads tasks that are due, and their neighbours, in summaries of their flow and group.
 * @param measured sizes of the last summaries, in bytes, by flow and group
 * @returns the tasks that have to be read by their ids
 */
export async function readLists(
  round: Round,
  due: readonly Watched[],
  measured: Map<string, number>,
): Promise<Watched[]> {
  const { api, watched, minMs, highest, places, update } = round;
  const single: Watched[] = [];
  for (const [place, group] of byPlace(due, places)) {
    const members = [...watched.values()].filter(({ id }) => places.get(id) === place);
    if (place === undefined || !preferSummary(members.length, measured.get(place), highest)) {
      single.push(...group);
      continue;
    }
    const space = place.indexOf(" ");
    const { data, size } = await api.summaries({
      name: place.slice(space + 1),
      group_scope: Number(place.slice(0, space)),
    });
    measured.set(place, size);
    for (const entry of members) {
      const task = data[entry.id];
      if (task) update(entry, task);
      // Cancelled or deleted: its own address tells.
      else if (watched.has(entry.id)) single.push(entry);
    }
    const left = members.filter(({ id }) => watched.has(id));
    const now = Date.now();
    const due = Math.min(...left.map(({ dueAt }) => dueAt)) - now;
    const running = left.some(({ view }) => view.state === "running");
    const next = now + nextList(size, due, running, minMs);
    for (const entry of left) entry.dueAt = Math.max(next, running ? 0 : entry.dueAt);
  }
  return single;
}

function byPlace(
  entries: readonly Watched[],
  places: ReadonlyMap<number, string>,
): Map<string | undefined, Watched[]> {
  const groups = new Map<string | undefined, Watched[]>();
  for (const entry of entries) {
    const place = places.get(entry.id);
    const group = groups.get(place);
    if (group) group.push(entry);
    else groups.set(place, [entry]);
  }
  return groups;
}

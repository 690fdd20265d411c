/** Reads many tasks by one list where that costs the server less. */
import { readSummaries } from "./api-watch.js";
import { nextList, preferSummary } from "./pace.js";
import type { ListReader, Watched } from "./watch.js";

/**
 * Begins to read tasks that are due, and their neighbours, in lists of their flow and group.
 * @returns the tasks that have to be read by their ids
 */
export function readLists(reader: ListReader, due: readonly Watched[]): Watched[] {
  const { watched, known, sizes } = reader;
  const { places, highest } = known;
  const single: Watched[] = [];
  for (const [place, group] of byPlace(due, places)) {
    const members = [...watched.values()].filter(
      ({ id, unlisted }) => !unlisted && places.get(id) === place,
    );
    if (place === undefined || !preferSummary(members.length, sizes.get(place), highest))
      single.push(...group);
    // One of them at a time: its members show that one is being read.
    else if (!members.some(({ reading }) => reading)) readList(reader, place, members);
  }
  return single;
}

function readList(reader: ListReader, place: string, members: readonly Watched[]): void {
  const { api, minMs, watched, sizes, update, read } = reader;
  const space = place.indexOf(" ");
  const filter = { name: place.slice(space + 1), group_scope: Number(place.slice(0, space)) };
  const askedAt = Date.now();
  read(members, async (signal) => {
    const { data, size } = await readSummaries(api, filter, signal);
    sizes.set(place, size);
    const left: Watched[] = [];
    for (const entry of members) {
      if (watched.get(entry.id) !== entry) continue;
      const task = data[entry.id];
      if (task) update(entry, task, askedAt);
      else {
        // Cancelled or deleted: its own address tells.
        entry.unlisted = true;
        entry.dueAt = askedAt;
      }
      if (watched.get(entry.id) === entry && task) left.push(entry);
    }
    const now = Date.now();
    const first = Math.min(...left.map(({ dueAt }) => dueAt)) - now;
    const running = left.some(({ view }) => view.state === "running");
    const next = now + nextList(size, first, running, minMs);
    for (const entry of left) entry.dueAt = Math.max(next, running ? 0 : entry.dueAt);
  });
}

function byPlace(
  entries: readonly Watched[],
  places: ReadonlyMap<number, string>,
): Map<string | undefined, Watched[]> {
  const groups = new Map<string | undefined, Watched[]>();
  for (const entry of entries) {
    const place = entry.unlisted ? undefined : places.get(entry.id);
    const group = groups.get(place);
    if (group) group.push(entry);
    else groups.set(place, [entry]);
  }
  return groups;
}

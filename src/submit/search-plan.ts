/** How to look for tasks at the least cost to the server. Pure. */

/** A task that is read by its id, in bytes. */
const TASK_BYTES = 4500;

/** Ids beyond the highest known one that are read, more than tasks were asked for: ids have gaps. */
const GAP = 8;

/** Ids that one look reads, or a little more: from the highest down to what was known before the create. */
export const MOST_IDS = 200;

/** The same for the look before a second create: other users may have been busy meanwhile. */
const WIDE_GAP = 64;

/** Lists that one search may read after ids told nothing, in bytes in all. */
export const EXTRA_LIST_BYTES: number = 4_000_000;

/**
 * Whether to read the list and not so many ids.
 * @param listBytes its measured or estimated size; undefined where nothing is known of this server
 */
export function preferList(listBytes: number | undefined, ids: number): boolean {
  return listBytes === undefined || listBytes <= ids * TASK_BYTES;
}

/**
 * The ids at which tasks of a create can be, ascending.
 * @param above highest id known before it was sent
 * @param highest highest id known now
 * @param wide look across longer gaps
 */
export function idsToRead(above: number, highest: number, count: number, wide: boolean): number[] {
  const last = Math.max(above, highest) + count + (wide ? WIDE_GAP : GAP);
  const first = Math.max(above + 1, last - Math.max(MOST_IDS, count + GAP) + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** How to look for tasks at the least cost to the server. Pure. */

/** Size of a task read by id, in bytes. */
const TASK_BYTES = 4500;

/** Extra ids read beyond the number of tasks requested, because ids have gaps. */
const GAP = 8;

/** Ids read per lookup, approximately: from the highest down to the highest known before the create. */
export const MOST_IDS = 200;

/** The same for the look before a second create: other users may have been busy meanwhile. */
const WIDE_GAP = 64;

/** Lists that one search may read after ids told nothing, in bytes in all. */
export const EXTRA_LIST_BYTES: number = 4_000_000;

/**
 * Whether to read the list instead of this many ids.
 * @param listBytes its measured or estimated size; undefined when nothing is known about this server
 */
export function preferList(listBytes: number | undefined, ids: number): boolean {
  return listBytes === undefined || listBytes <= ids * TASK_BYTES;
}

/**
 * The ids that tasks of a create can have, ascending.
 * @param above highest id known before it was sent
 * @param highest highest id known now
 * @param wide look across longer gaps
 */
export function idsToRead(above: number, highest: number, count: number, wide: boolean): number[] {
  const last = Math.max(above, highest) + count + (wide ? WIDE_GAP : GAP);
  const first = Math.max(above + 1, last - Math.max(MOST_IDS, count + GAP) + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

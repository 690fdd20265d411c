/** Runs a step for each of many items, a few at a time. */

/** Steps that run at once. */
const LIMIT = 8;

/**
 * `Promise.all` over items, a few at a time. After a failure it starts no more steps, and rejects when the
 * pending ones have ended.
 */
export async function mapParallel<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await run(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(LIMIT, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

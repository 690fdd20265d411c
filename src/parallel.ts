/** Requests of one kind that may be under way at once. */
const LIMIT = 8;

/** `Promise.all` over items, a few at a time. */
export async function mapParallel<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(LIMIT, items.length) }, work));
  return results;
}

/** A time limit for work that cannot be aborted. */
import type { Clock } from "./clock.js";

/** The result of the work; undefined when it takes longer than `ms` milliseconds. */
export function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined), true);
    work.then(resolve, reject).finally(cancel);
  });
}

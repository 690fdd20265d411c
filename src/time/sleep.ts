/** A pause that can be aborted. */
import type { Clock } from "./clock.js";
import { unlessAborted } from "./stop.js";

/** Waits `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
export async function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  let cancel = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await (signal ? unlessAborted(over, signal) : over).finally(cancel);
}

/** A pause that can be stopped. */
import { unlessAborted } from "./stop.js";

/** Waits `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await (signal ? unlessAborted(over, signal) : over).finally(() => clearTimeout(timer));
}

/** A semaphore: runs a limited number of steps at once; the others wait in order of arrival. */
import { onAbort } from "./stop.js";

export interface Slots {
  /** Waits for a slot; call the returned function to release it. Rejects with the signal's reason. */
  take(signal?: AbortSignal): Promise<() => void>;
  /** Runs a step in a slot. */
  run<T>(step: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createSlots(limit: number): Slots {
  let free = Math.max(1, Math.floor(limit));
  const waiting = new Set<() => void>();
  const give = (): void => {
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next();
    } else free++;
  };
  const take = async (signal?: AbortSignal): Promise<() => void> => {
    if (free > 0) free--;
    else
      await new Promise<void>((resolve, reject) => {
        let release = (): unknown => undefined;
        const turn = (): void => {
          release();
          resolve();
        };
        waiting.add(turn);
        if (signal)
          release = onAbort(signal, () => {
            if (waiting.delete(turn)) reject(signal.reason as Error);
          });
      });
    let given = false;
    return () => {
      if (!given) give();
      given = true;
    };
  };
  return {
    take,
    async run(step, signal) {
      const release = await take(signal);
      try {
        return await step();
      } finally {
        release();
      }
    },
  };
}

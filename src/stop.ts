/** Ways to stop: every wait of the library takes a signal and ends at once when it fires. */
import { AbortError, TimeoutError } from "./errors.js";

/** Waits `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A signal that follows others and a clock. Call `release` when done, or listeners pile up. */
export interface Stopper {
  readonly signal: AbortSignal;
  readonly release: () => void;
  /** Starts the clock again, with another limit in ms if one is given; `Infinity` suspends it. */
  readonly restart: (ms?: number) => void;
}

/**
 * A signal that aborts with a `TimeoutError` after `timeoutMs`, or with an `AbortError` whose cause is
 * the reason of the first of `signals` that aborts. `AbortSignal.any` would do this, but keeps what it
 * listens to alive in the Node versions we support.
 */
export function stopper(
  signals: readonly (AbortSignal | undefined)[],
  timeoutMs?: number,
  what = "It",
): Stopper {
  const controller = new AbortController();
  const undo: (() => void)[] = [];
  let released = false;
  const release = (): void => {
    released = true;
    for (const step of undo.splice(0)) step();
  };
  const stop = (reason: unknown): void => {
    release();
    controller.abort(reason);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = (ms = timeoutMs): void => {
    clearTimeout(timer);
    if (ms === undefined || ms === Infinity || released) return;
    timer = setTimeout(
      () => {
        stop(new TimeoutError("timeout", `${what} was not done within ${timeoutMs} ms.`));
      },
      // Longer delays than 2³¹−1 ms would fire at once.
      Math.min(Math.max(ms, 0), 0x7fffffff),
    );
  };
  restart();
  undo.push(() => clearTimeout(timer));
  for (const signal of signals) {
    if (!signal) continue;
    const follow = (): void => stop(stopReason(signal.reason));
    if (signal.aborted) follow();
    else {
      signal.addEventListener("abort", follow, { once: true });
      undo.push(() => signal.removeEventListener("abort", follow));
    }
  }
  return { signal: controller.signal, release, restart };
}

function stopReason(reason: unknown): Error {
  if (reason instanceof AbortError || reason instanceof TimeoutError) return reason;
  // `AbortSignal.timeout()` is a time-out to its user.
  if (reason instanceof DOMException && reason.name === "TimeoutError")
    return new TimeoutError("timeout", "The caller's time-out was over.", { cause: reason });
  return new AbortError("aborted", "Stopped by the caller.", { cause: reason });
}

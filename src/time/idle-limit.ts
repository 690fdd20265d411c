/** Limits on silence, for transfers that may take long as long as bytes move. */
import type { Clock } from "./clock.js";
import { REQUEST_TIMEOUT, stopper } from "./stop.js";

export interface IdleLimit {
  /** Follows the caller's signal; aborts with `REQUEST_TIMEOUT` when the silence lasts too long. */
  readonly signal: AbortSignal;
  /** Call when bytes moved. */
  restart(): void;
  /** Stops the clock while the silence is not the other side's fault. */
  pause(): void;
  release(): void;
}

/** A limit that starts at once. */
export function idleLimit(clock: Clock, signal: AbortSignal | undefined, ms: number): IdleLimit {
  const silence = new AbortController();
  const stop = stopper(clock, [signal, silence.signal], undefined, REQUEST_TIMEOUT);
  let cancel: (() => void) | undefined;
  let released = false;
  // A timer for each chunk of a transfer would cost more than the chunk.
  let since = Infinity;
  const look = (): void => {
    cancel = undefined;
    const left = since + ms - clock.now();
    if (left <= 0) silence.abort(REQUEST_TIMEOUT);
    else if (since < Infinity) cancel = clock.after(left, look);
  };
  const restart = (): void => {
    if (released || !(ms < Infinity)) return;
    since = clock.now();
    cancel ??= clock.after(ms, look);
  };
  restart();
  return {
    signal: stop.signal,
    restart,
    pause: () => {
      since = Infinity;
    },
    release: () => {
      released = true;
      cancel?.();
      stop.release();
    },
  };
}

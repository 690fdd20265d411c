/** Limits on silence: for transfers that may take long, as long as something moves. */
import type { Clock } from "./clock.js";
import { REQUEST_TIMEOUT, stopper } from "./stop.js";

export interface IdleLimit {
  /** Follows the caller's signal; aborts with `REQUEST_TIMEOUT` after too long a silence. */
  readonly signal: AbortSignal;
  /** Something moved. */
  restart(): void;
  /** The other side is not to blame for what comes now. */
  pause(): void;
  release(): void;
}

/** A limit that starts at once. */
export function idleLimit(clock: Clock, signal: AbortSignal | undefined, ms: number): IdleLimit {
  const silence = new AbortController();
  const stop = stopper(clock, [signal, silence.signal], undefined, REQUEST_TIMEOUT);
  let cancel: (() => void) | undefined;
  let released = false;
  // A timer for each of the many pieces of a transfer would cost more than the piece.
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

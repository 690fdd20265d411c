/** Limits on silence: for transfers that may take long, as long as something moves. */
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
export function idleLimit(signal: AbortSignal | undefined, ms: number): IdleLimit {
  const silence = new AbortController();
  const stop = stopper([signal, silence.signal], undefined, REQUEST_TIMEOUT);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let released = false;
  // A timer for each of the many pieces of a transfer would cost more than the piece.
  let since = Infinity;
  const look = (): void => {
    timer = undefined;
    const left = since + ms - performance.now();
    if (left <= 0) silence.abort(REQUEST_TIMEOUT);
    else if (since < Infinity) wait(left);
  };
  const wait = (left: number): void => {
    // Longer delays than 2³¹−1 ms would fire at once.
    timer = setTimeout(look, Math.min(Math.ceil(left), 0x7fffffff));
  };
  const restart = (): void => {
    if (released || !(ms < Infinity)) return;
    since = performance.now();
    if (timer === undefined) wait(ms);
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
      clearTimeout(timer);
      stop.release();
    },
  };
}

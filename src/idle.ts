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
  const pause = (): void => clearTimeout(timer);
  const restart = (): void => {
    pause();
    if (!released && ms < Infinity)
      timer = setTimeout(() => silence.abort(REQUEST_TIMEOUT), Math.min(ms, 0x7fffffff));
  };
  restart();
  return {
    signal: stop.signal,
    restart,
    pause,
    release: () => {
      released = true;
      pause();
      stop.release();
    },
  };
}

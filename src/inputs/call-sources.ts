/** The byte sources of one call, so that all of them are released when the call ends, however it does. */
import { onAbort } from "../time/stop.js";

export class CallSources {
  readonly #signal: AbortSignal | undefined;
  readonly #open = new Set<() => void>();

  /** @param signal lets go of everything when it fires */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /**
   * Notes what the call has opened. It is let go of once: by the function returned, with all else of the
   * call, or when the call is stopped.
   */
  hold(letGo: () => void): () => void {
    let unfollow: (() => void) | undefined;
    const release = (): void => {
      if (!this.#open.delete(release)) return;
      unfollow?.();
      letGo();
    };
    this.#open.add(release);
    if (this.#signal) unfollow = onAbort(this.#signal, release);
    return release;
  }

  /** Lets go of all that was opened so far. */
  releaseAll(): void {
    for (const release of [...this.#open]) release();
  }
}

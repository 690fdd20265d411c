/** The byte sources of one call, so that all are released when the call ends in any way. */
import { onAbort } from "../time/stop.js";

export class CallSources {
  readonly #signal: AbortSignal | undefined;
  readonly #open = new Set<() => void>();

  /** @param signal releases everything when it fires */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /**
   * Registers something that the call has opened. It is released once: by the returned function, along with
   * everything else of the call, or when the call is stopped.
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

  /** Releases everything opened so far. */
  releaseAll(): void {
    for (const release of [...this.#open]) release();
  }
}

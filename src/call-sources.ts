/** What a call reads, so that all of it is let go of when the call ends, however it does. */
import type { FileContext } from "./file-part.js";
import { onAbort } from "./stop.js";

const held = new WeakMap<FileContext, Set<() => void>>();

/**
 * Notes what a call has opened. It is let go of once: by the function returned, with all else of the
 * call, or when the call is stopped.
 */
export function holdFor(context: FileContext, letGo: () => void): () => void {
  const all = held.get(context) ?? new Set();
  held.set(context, all);
  let unfollow: (() => void) | undefined;
  const release = (): void => {
    if (!all.delete(release)) return;
    unfollow?.();
    letGo();
  };
  all.add(release);
  if (context.signal) unfollow = onAbort(context.signal, release);
  return release;
}

/** Lets go of all that a call has opened so far. */
export function releaseAll(context: FileContext): void {
  for (const release of [...(held.get(context) ?? [])]) release();
}

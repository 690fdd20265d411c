/** Abort signals: every wait of the library takes a signal and ends at once when it fires. */
import { AbortError, TimeoutError } from "../errors/errors.js";
import type { Clock } from "./clock.js";

/** Resolves like a promise, unless the signal is aborted first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => reject(signal.reason as Error));
    promise.then(resolve, reject).finally(release);
  });
}

const followers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Listens to a signal, with one shared listener per signal, because Node warns above ten. Calls back at once
 * if it is already aborted.
 */
export function onAbort(signal: AbortSignal, follow: () => void): () => void {
  const all = followers.get(signal) ?? new Set();
  if (signal.aborted) follow();
  else {
    all.add(follow);
    if (!followers.has(signal))
      signal.addEventListener("abort", () => {
        for (const each of [...all]) each();
      });
    followers.set(signal, all);
  }
  return () => all.delete(follow);
}

/** A signal that follows other signals and a clock. Call `release` when done, or listeners leak. */
export interface Stopper {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** Abort reason of a request that timed out; the caller never sees it. */
export const REQUEST_TIMEOUT: unique symbol = Symbol("request timeout");

/**
 * A signal that aborts after `timeoutMs`, or when the first of `signals` does. `AbortSignal.any` would do
 * this, but leaks its sources in the Node versions we support.
 * @param what what timed out, for the `TimeoutError`; a symbol becomes the reason itself
 */
export function stopper(
  clock: Clock,
  signals: readonly (AbortSignal | undefined)[],
  timeoutMs: number | undefined,
  what: string | symbol,
): Stopper {
  const controller = new AbortController();
  const { signal } = controller;
  const limit = timeoutMs ?? Infinity;
  const undo: (() => void)[] = [];
  const release = (): void => {
    for (const step of undo.splice(0)) step();
  };
  const stop = (reason: unknown): void => {
    release();
    controller.abort(reason);
  };
  const late = (): void =>
    stop(
      typeof what === "symbol"
        ? what
        : own(new TimeoutError("timeout", `${what} did not finish within its timeoutMs.`)),
    );
  for (const each of signals)
    if (each) undo.push(onAbort(each, () => stop(stopReason(each.reason))));
  // Also catches values that are not numbers.
  if (!(limit > 0)) late();
  else undo.push(clock.after(limit, late));
  if (signal.aborted) release();
  return { signal, release };
}

/** Stop errors made here; a caller's own errors are reasons like any other. */
const ours = new WeakSet();

function own<T extends object>(error: T): T {
  ours.add(error);
  return error;
}

/** Whether an error means that the caller stopped. */
export function isStop(error: unknown): error is AbortError | TimeoutError {
  return error instanceof AbortError || error instanceof TimeoutError;
}

function stopReason(reason: unknown): unknown {
  if (reason === REQUEST_TIMEOUT || ours.has(Object(reason) as object)) return reason;
  // To its user, `AbortSignal.timeout()` is a time-out.
  return own(
    (reason as Error | undefined)?.name === "TimeoutError"
      ? new TimeoutError("timeout", "The caller's signal timed out.", { cause: reason })
      : new AbortError("aborted", "Aborted by the caller.", { cause: reason }),
  );
}

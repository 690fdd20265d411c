/** Ways to stop: every wait of the library takes a signal and ends at once when it fires. */
import { AbortError, TimeoutError } from "../errors/errors.js";
import type { Clock } from "./clock.js";

/** What a promise gives, unless the signal is aborted first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => reject(signal.reason as Error));
    promise.then(resolve, reject).finally(release);
  });
}

const followers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Listens to a signal, with one listener for all that follow it: Node warns of more than ten. Calls back
 * at once if it is aborted already.
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

/** A signal that follows others and a clock. Call `release` when done, or listeners pile up. */
export interface Stopper {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** Reason of a signal whose request took too long; the caller never sees it. */
export const REQUEST_TIMEOUT: unique symbol = Symbol("request timeout");

/**
 * A signal that aborts after `timeoutMs`, or when the first of `signals` does. `AbortSignal.any` would
 * do this, but keeps what it listens to alive in the Node versions we support.
 * @param what what was not done in time, for the `TimeoutError`; a symbol is itself the reason
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
        : own(new TimeoutError("timeout", `${what} was not done within its timeoutMs.`)),
    );
  for (const each of signals)
    if (each) undo.push(onAbort(each, () => stop(stopReason(each.reason))));
  // Also where it is not a number.
  if (!(limit > 0)) late();
  else undo.push(clock.after(limit, late));
  if (signal.aborted) release();
  return { signal, release };
}

/** Stop errors that were made here; those of a caller are reasons like any other. */
const ours = new WeakSet();

function own<T extends object>(error: T): T {
  ours.add(error);
  return error;
}

/** Whether an error says that the caller had enough. */
export function isStop(error: unknown): error is AbortError | TimeoutError {
  return error instanceof AbortError || error instanceof TimeoutError;
}

function stopReason(reason: unknown): unknown {
  if (reason === REQUEST_TIMEOUT || ours.has(Object(reason) as object)) return reason;
  // `AbortSignal.timeout()` is a time-out to its user.
  return own(
    (reason as Error | undefined)?.name === "TimeoutError"
      ? new TimeoutError("timeout", "The caller's time-out was over.", { cause: reason })
      : new AbortError("aborted", "Stopped by the caller.", { cause: reason }),
  );
}

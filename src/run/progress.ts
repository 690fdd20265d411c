/** Progress as an async iterable. */
import type { Clock } from "../time/clock.js";
import { onAbort, stopper } from "../time/stop.js";
import type { Progress, Run, StopOptions } from "./run.js";
import { ended, stopperOf, type Scope } from "./scope.js";
import { waitForAll } from "./wait.js";

/**
 * An iterator that starts on the first request for a value, and ends its wait at once when the caller leaves.
 */
export function stream<T>(
  open: (left: AbortController) => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const left = new AbortController();
  const values = (async function* () {
    yield* open(left);
  })();
  const leave = values.return.bind(values);
  // Works while a value is pending, too.
  values.return = (value) => {
    left.abort();
    return leave(value);
  };
  return values;
}

/** Yields the latest progress at every change. Changes that arrive while the caller is busy are skipped. */
export async function* progressOf(
  scope: Scope,
  options: StopOptions,
  left: AbortController,
): AsyncGenerator<Progress, void> {
  const { signal, release } = stopperOf(scope, options, left.signal);
  let latest: Progress | undefined;
  let over = false as boolean;
  let failure: unknown;
  let wake = (): void => undefined;
  const waiting = waitForAll(scope, signal, (progress) => {
    latest = progress;
    wake();
  })
    // Runs at once, not when the caller asks for the next value.
    .catch(async (error: unknown) => {
      failure = await ended(scope, error, signal);
    })
    .finally(() => {
      over = true;
      wake();
    });
  try {
    while (latest ?? !over) {
      const next = latest;
      latest = undefined;
      if (next) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    // Leaving the loop early ends the wait, and with it the tasks of an owned run.
    left.abort();
    await waiting;
    release();
  }
  if (failure) throw failure as Error;
}

/**
 * Progress of a run while it is being submitted.
 * @param submit aborted when the wait is stopped
 */
export async function* submittedProgress(
  clock: Clock,
  run: Promise<Run>,
  submit: AbortController,
  flow: string,
  { signal, timeoutMs }: StopOptions,
  left: AbortController,
): AsyncGenerator<Progress, void> {
  const stop = stopper(clock, [signal, left.signal], timeoutMs, flow);
  onAbort(stop.signal, () => submit.abort(stop.signal.reason));
  try {
    yield* (await run).progress({ signal: stop.signal });
  } finally {
    stop.release();
  }
}

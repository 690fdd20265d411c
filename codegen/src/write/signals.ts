/** Lets a short piece of synchronous work finish before a signal ends the process. */

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

let holders = 0;
let pending: NodeJS.Signals | undefined;

const hold = (signal: NodeJS.Signals): void => {
  // If there are other listeners, handling the signal is up to them.
  if (process.listenerCount(signal) === 1) pending ??= signal;
};

/** Holds signals back until the returned function is called; then the first one takes effect. */
export function holdSignals(): () => void {
  if (holders === 0) for (const signal of SIGNALS) process.on(signal, hold);
  holders += 1;
  return () => {
    // A signal that arrived in the meantime is delivered in the next round of the event loop at the latest.
    setImmediate(() => setImmediate(release));
  };
}

function release(): void {
  holders -= 1;
  if (holders > 0) return;
  for (const signal of SIGNALS) process.off(signal, hold);
  const signal = pending;
  pending = undefined;
  if (signal !== undefined) process.kill(process.pid, signal);
}

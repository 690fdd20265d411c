/** When and how to poll tasks: pure decisions of the watcher. Times in ms. */

/** What the polling interval of one task depends on. */
export interface Pulse {
  /** Since the task was first watched. */
  age: number;
  /** 0–100. */
  percent: number;
  /** Since a worker was first seen on it; undefined while it is queued. */
  runningFor: number | undefined;
  /** Progress since then, in percent. */
  gained: number;
  /** Limits of the pause. */
  minMs: number;
  maxMs: number;
}

/**
 * Time until the next poll. Quick at first and again near the expected end. In between it is a fixed share of
 * the elapsed time, so that the end of a task is noticed within a few percent of its length.
 */
export function nextDelay(pulse: Pulse): number {
  const { age, percent, runningFor, gained, minMs, maxMs } = pulse;
  let delay = (runningFor ?? age) * 0.1;
  if (runningFor && gained > 0) {
    const remaining = ((100 - percent) * runningFor) / gained;
    // Half the remaining time, each time: a few polls are enough, and none comes much too late.
    delay = Math.min(delay * 2, remaining / 2);
  }
  return Math.min(Math.max(delay, minMs), maxMs);
}

/** Spreads the polls of many clients: 85–115 % of the delay. */
export function jitter(delay: number, random: number): number {
  return delay * (0.85 + 0.3 * random);
}

/** A summary of this many bytes costs a server about as much as reading one task by its id. */
const BYTES_PER_READ = 50_000;

/**
 * Whether to poll `watched` tasks of one flow and group with one summary, which holds the whole history, or
 * one by one.
 * @param size of that summary in bytes, as last read or an upper bound; undefined when nothing is known about
 * the server
 */
export function preferSummary(watched: number, size: number | undefined): boolean {
  return watched >= 3 && size !== undefined && size <= watched * BYTES_PER_READ;
}

/** Pause between two lists while any of their tasks is running, if the size allows, in ms. */
const LIST_PAUSE_MS = 500;

/** Longest pause caused by the size of a list alone, in ms. */
const LIST_PAUSE_MAX_MS = 30_000;

/**
 * When to read a list again, in ms from now. One list updates all its tasks, so it is read more often than a
 * single task. But large lists block the server, for about 0.2 ms per kB.
 * @param due when the first of its tasks would be polled on its own, in ms from now
 */
export function nextList(bytes: number, due: number, running: boolean, minMs: number): number {
  const pause = running ? Math.min(due, Math.max(minMs, LIST_PAUSE_MS)) : due;
  return Math.max(pause, minMs, Math.min((bytes / 1000) * 4, LIST_PAUSE_MAX_MS));
}

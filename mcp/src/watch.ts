/** Waits with a time limit, whatever the tasks do. A wait here never cancels tasks. */
import { setTimeout as sleep } from "node:timers/promises";
import { outcomesOf, type Client, type TaskState } from "visionatrix-client";
import { toldBy } from "./texts.js";

/** What is known about a task. */
export interface Seen {
  readonly id: number;
  readonly state: TaskState;
  readonly percent: number;
  /** Why it failed or cannot be read, in the server's words. */
  readonly error?: string | undefined;
}

export interface Wait {
  /** Time limit in ms. */
  readonly ms: number;
  readonly signal?: AbortSignal;
  /** Called with the mean of all percentages. */
  readonly onPercent?: (percent: number) => void;
}

/** A shorter time may not suffice for an answer, so that each task is looked at once, in ms. */
const MIN_WAIT_MS = 1000;

export const hasEnded = ({ state }: Seen): boolean => ["done", "failed", "gone"].includes(state);

/** Watches tasks until all have ended or the time is up. Throws only when the signal fires. */
export async function watch(
  client: Client,
  ids: readonly number[],
  { ms, signal, onPercent }: Wait,
): Promise<Seen[]> {
  const tasks = ids.map((id) => client.task(id));
  const outcomes = await outcomesOf(tasks, {
    signal,
    timeoutMs: ms < MIN_WAIT_MS ? 0 : ms,
    files: false,
    onChange: (all) => onPercent?.(all.reduce((sum, each) => sum + each.percent, 0) / all.length),
  });
  return outcomes.map(({ id, state, percent, trouble, error }) => {
    const problem = error?.code === "timeout" ? trouble : (error ?? trouble);
    const whole = Math.floor(Math.min(percent, 100));
    return { id, state, percent: whole, error: problem && toldBy(problem) };
  });
}

/** Undefined when the work takes longer than `ms`; rejects as soon as the signal fires. */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  return Promise.race([work, sleep(ms, undefined, { ref: false, ...(signal && { signal }) })]);
}

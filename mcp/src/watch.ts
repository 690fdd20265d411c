/** Waits with a time limit, whatever the tasks do. A wait here never cancels tasks. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerContext } from "@modelcontextprotocol/server";
import { outcomesOf, type Task, type TaskOutcome, type TaskState } from "visionatrix-client";
import { toldBy } from "./texts.js";

/** What is known about a task. */
export interface Seen {
  readonly id: number;
  /** Known for the tasks of a run that has just begun. */
  readonly seed?: number | undefined;
  readonly state: TaskState;
  readonly percent: number;
  /** Why it failed or cannot be read, in the server's words. */
  readonly error?: string | undefined;
}

/** A shorter time may not suffice for an answer, so that each task is looked at once, in ms. */
const MIN_WAIT_MS = 1000;

export const hasEnded = ({ state }: Seen): boolean => ["done", "failed", "gone"].includes(state);

/** Reports the mean of all percentages to a host that requested progress. */
function reporter({ mcpReq }: ServerContext): (all: readonly TaskOutcome[]) => void {
  const progressToken = mcpReq._meta?.progressToken;
  // Percentages may fall back to 0, but reported progress must rise.
  let highest = 0;
  return (all) => {
    const progress = all.reduce((sum, { percent }) => sum + percent, 0) / all.length;
    if (progressToken === undefined || progress <= highest) return;
    highest = progress;
    const params = { progressToken, progress, total: 100 };
    void mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

/**
 * Watches tasks until all have ended or the time is up.
 * @param ms 0 to look once
 * @throws AbortError when the host gives up
 */
export async function watch(
  tasks: readonly Task[],
  ms: number,
  ctx?: ServerContext,
): Promise<Seen[]> {
  const timeoutMs = ms < MIN_WAIT_MS ? 0 : ms;
  const host = ctx && { signal: ctx.mcpReq.signal, onChange: reporter(ctx) };
  const outcomes = await outcomesOf(tasks, { timeoutMs, files: false, ...host });
  return outcomes.map(({ id, task, state, percent, trouble, error = trouble }) => {
    const problem = error?.code === "timeout" ? trouble : error;
    const whole = Math.floor(Math.min(percent, 100));
    return { id, seed: task.seed, state, percent: whole, error: problem && toldBy(problem) };
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

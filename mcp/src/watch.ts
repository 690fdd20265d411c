/** Waits that end in time, whatever the tasks do. Waiting here never cancels. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, TaskState } from "visionatrix-client";
import { capped, toldBy } from "./texts.js";

/** What is known of a task. */
export interface Seen {
  readonly id: number;
  state: TaskState;
  percent: number;
  /** Why it failed or cannot be seen, in the server's words. */
  error?: string;
}

export interface Wait {
  /** How long, in ms; 0 for one look. */
  readonly ms: number;
  readonly signal?: AbortSignal;
  /** Called with the mean of all percents. */
  readonly onPercent?: (percent: number) => void;
}

export const hasEnded = ({ state }: Seen): boolean => ["done", "failed", "gone"].includes(state);

/** Looks at tasks until all have ended or the time is over. Throws only when the signal fires. */
export async function watch(
  client: Client,
  ids: readonly number[],
  { ms, signal, onPercent }: Wait,
): Promise<Seen[]> {
  const all = ids.map((id): Seen => ({ id, state: "queued", percent: 0 }));
  const note = (seen: Seen, state: TaskState, percent: number, error?: string): void => {
    Object.assign(seen, { state, percent: Math.floor(Math.min(percent, 100)), error });
    onPercent?.(all.reduce((sum, each) => sum + each.percent, 0) / all.length);
  };
  const follow = async (seen: Seen): Promise<void> => {
    const task = client.task(seen.id);
    const { state, progress, error } = await task.details({ ...(signal && { signal }) });
    note(seen, state, progress, error ? capped(error, 1500) : undefined);
    if (hasEnded(seen) || ms === 0) return;
    for await (const { state: now, percent, trouble } of task.progress({ timeoutMs: ms, signal }))
      note(seen, now, percent, trouble && toldBy(trouble));
  };
  await Promise.all(
    all.map(async (seen) =>
      follow(seen).catch((error: unknown) => {
        signal?.throwIfAborted();
        const { code } = error as { code?: string };
        if (code === "timeout") return;
        const isGone = code === "task_gone" || code === "task_not_found";
        const state = code === "task_failed" ? "failed" : isGone ? "gone" : seen.state;
        Object.assign(seen, { state, error: toldBy(error) });
      }),
    ),
  );
  return all;
}

/** Undefined when the work takes longer than so many ms; rejects as soon as the signal fires. */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const over = new AbortController();
  const stop = AbortSignal.any([over.signal, ...(signal ? [signal] : [])]);
  try {
    return await Promise.race([work, sleep(ms, undefined, { signal: stop })]);
  } finally {
    over.abort();
  }
}

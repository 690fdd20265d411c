/** Waits with a time limit, whatever the tasks do. A wait here never cancels tasks. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, TaskState } from "visionatrix-client";
import { capped, toldBy } from "./texts.js";

/** What is known about a task. */
export interface Seen {
  readonly id: number;
  state: TaskState;
  percent: number;
  /** Why it failed or cannot be read, in the server's words. */
  error?: string;
}

export interface Wait {
  /** Time limit in ms; 0 to look once. */
  readonly ms: number;
  readonly signal?: AbortSignal;
  /** Called with the mean of all percentages. */
  readonly onPercent?: (percent: number) => void;
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

export const hasEnded = ({ state }: Seen): boolean => ["done", "failed", "gone"].includes(state);

/** Watches tasks until all have ended or the time is up. Throws only when the signal fires. */
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
  const look = async (seen: Seen): Promise<void> => {
    const found = await client.task(seen.id).details({ ...(signal && { signal }) });
    note(seen, found.state, found.progress, found.error ? capped(found.error, 1500) : undefined);
  };
  const follow = async (seen: Seen): Promise<void> => {
    let isSeen = false;
    try {
      const changes = client.task(seen.id).progress({ timeoutMs: ms, signal });
      for await (const { state, percent, trouble } of changes) {
        isSeen = true;
        note(seen, state, percent, trouble && toldBy(trouble));
      }
    } catch (error) {
      if (codeOf(error) !== "timeout") throw error;
      if (!isSeen) await look(seen);
    }
  };
  const explain = (seen: Seen, error: unknown): void => {
    signal?.throwIfAborted();
    const code = codeOf(error);
    if (code === "task_failed") seen.state = "failed";
    if (code === "task_gone" || code === "task_not_found") seen.state = "gone";
    seen.error = toldBy(error);
  };
  const watchOne = ms > 0 ? follow : look;
  await Promise.all(
    all.map(async (seen) => watchOne(seen).catch((e: unknown) => explain(seen, e))),
  );
  return all;
}

/** Undefined when the work takes longer than `ms`; rejects as soon as the signal fires. */
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

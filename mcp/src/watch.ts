/** Waits that end in time, whatever the tasks do. Waiting here never cancels. */
import type { Client, Progress, TaskState } from "visionatrix-client";
import { toldBy } from "./texts.js";

/** What is known of a task. */
export interface Seen {
  readonly id: number;
  state: TaskState;
  percent: number;
  seed?: number | undefined;
  /** Why it failed or cannot be seen, in the server's words. */
  error?: string;
}

export interface Wait {
  /** How long, in ms. */
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Called with the mean of all percents. */
  readonly onPercent: (percent: number) => void;
}

const ENDED: readonly TaskState[] = ["done", "failed", "gone"];

export const hasEnded = ({ state }: Seen): boolean => ENDED.includes(state);

/** Looks at tasks until all have ended or the time is over. Throws only when the signal fires. */
export async function watch(client: Client, ids: readonly number[], wait: Wait): Promise<Seen[]> {
  const seen = ids.map((id): Seen => ({ id, state: "queued", percent: 0 }));
  await Promise.all(
    seen.map(async (each) => {
      let looked = false;
      try {
        const options = { timeoutMs: wait.ms, signal: wait.signal };
        for await (const progress of client.task(each.id).progress(options)) {
          looked = true;
          note(each, progress);
          wait.onPercent(seen.reduce((sum, { percent }) => sum + percent, 0) / seen.length);
        }
      } catch (error) {
        wait.signal.throwIfAborted();
        await explain(client, each, error, looked);
      }
    }),
  );
  return seen;
}

function note(seen: Seen, { state, percent, trouble }: Progress): void {
  seen.state = state;
  seen.percent = Math.floor(percent);
  if (trouble) seen.error = toldBy(trouble);
  else delete seen.error;
}

/** What the end of a watch without a result means. */
async function explain(client: Client, seen: Seen, error: unknown, looked: boolean): Promise<void> {
  const { code } = error as { code?: string };
  if (code === "timeout") {
    if (looked) return;
    // Too short for a look: take one.
    try {
      const { state, progress } = await client.task(seen.id).details();
      Object.assign(seen, { state, percent: Math.floor(Math.min(progress, 100)) });
    } catch (unseen) {
      await explain(client, seen, unseen, true);
    }
    return;
  }
  if (code === "task_failed") seen.state = "failed";
  if (code === "task_gone" || code === "task_not_found") seen.state = "gone";
  seen.error = toldBy(error);
}

/** Undefined when the work takes longer than so many ms; rejects as soon as the signal fires. */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  signal?.throwIfAborted();
  let stop = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => (stop = () => resolve(undefined)));
  const timer = setTimeout(stop, ms);
  signal?.addEventListener("abort", stop);
  try {
    const first = await Promise.race([work, stopped]);
    signal?.throwIfAborted();
    return first;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

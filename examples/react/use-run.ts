/**
 * A run as a hook. Effects create nothing, so StrictMode runs nothing twice. Unmounting leaves the task
 * running on the server; `stop` cancels it.
 */
import { useState, useSyncExternalStore } from "react";
import type { Client, Progress, ResultFile, Run, RunResult } from "visionatrix-client";

const IDLE = {
  id: undefined as number | undefined,
  state: "idle" as Progress["state"] | "idle" | "submitting",
  percent: 0,
  files: [] as readonly ResultFile[],
  error: undefined as Error | undefined,
};

function runStore(client: Client) {
  const listeners = new Set<() => void>();
  let snapshot = IDLE;
  let current = new AbortController();

  /** Reports of an earlier run are ignored. */
  function set(mine: AbortController, change: Partial<typeof IDLE>): void {
    if (mine !== current) return;
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  }
  function begin(first: Partial<typeof IDLE>, work: (mine: AbortController) => Promise<RunResult>) {
    const mine = (current = new AbortController());
    set(mine, { ...IDLE, ...first });
    work(mine).then(
      ({ files }) => set(mine, { files, state: "done", percent: 100 }),
      (error: unknown) => set(mine, { ...IDLE, error: error as Error }),
    );
  }
  const onProgress = (mine: AbortController) => (progress: Progress) =>
    set(mine, { state: progress.state, percent: progress.percent });

  return {
    get: () => snapshot,
    subscribe: (listener: () => void) => (
      listeners.add(listener),
      () => void listeners.delete(listener)
    ),
    start: (submit: (signal: AbortSignal) => Promise<Run>) =>
      begin({ state: "submitting" }, async (mine) => {
        const run = await submit(mine.signal);
        set(mine, { id: run.tasks[0]?.id });
        return run.result({ onProgress: onProgress(mine) });
      }),
    /** Attaches to an existing task, e.g. after a reload. */
    attach: (id: number) => {
      if (snapshot.id === id) return;
      begin({ id, state: "queued" }, (mine) => {
        const task = client.task(id);
        mine.signal.addEventListener("abort", () => void task.cancel());
        return task.result({ signal: mine.signal, onProgress: onProgress(mine) });
      });
    },
    stop: () => current.abort(),
    reset: () => set((current = new AbortController()), IDLE),
  };
}

export function useRun(client: Client) {
  const [store] = useState(() => runStore(client));
  const { get, subscribe, start, attach, stop, reset } = store;
  return { ...useSyncExternalStore(subscribe, get, get), start, attach, stop, reset };
}

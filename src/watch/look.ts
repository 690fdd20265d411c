/** Checks the workers of tasks that make no progress: rarely, and with one request for all of them. */
import type { Worker } from "../../generated/tasks.js";
import { HttpError } from "../errors/request-errors.js";
import type { Api } from "../http/api.js";
import { readWorkers } from "../http/endpoints.js";
import { isLookDue } from "./stall.js";
import type { Watched } from "./watched.js";

export interface Looker {
  /** Checks the workers, if one of the tasks needs it. */
  look(watched: Iterable<Watched>): void;
  /** Cancels a pending check when nothing waits any more. */
  stop(): void;
}

/**
 * @param quietMs how long a task may make no progress before its worker is checked, in ms
 * @param onLook called with each task checked, and its worker if listed
 */
export function createLooker(
  api: Api,
  quietMs: number,
  onLook: (entry: Watched, worker: Worker | undefined) => void,
): Looker {
  const { clock } = api;
  let looking: AbortController | undefined;
  let refused = false;

  const isDue = ({ view, changedAt, readAt, lookedAt }: Watched): boolean =>
    view.state === "running" &&
    view.task?.worker_id != null &&
    // The task was still seen without progress after the last check.
    readAt >= (lookedAt ?? -Infinity) &&
    isLookDue(clock.now() - changedAt, lookedAt && lookedAt - changedAt, quietMs);

  async function read(due: readonly Watched[], signal: AbortSignal): Promise<void> {
    const now = clock.now();
    for (const entry of due) entry.lookedAt = now;
    const ids = new Set(due.map(({ view }) => view.task?.worker_id as string));
    try {
      const workers = await readWorkers(api, ids.size === 1 ? [...ids] : [], signal);
      for (const entry of due)
        // If the task has changed in the meantime, the check says nothing.
        if (entry.lookedAt === now)
          onLook(
            entry,
            workers.find(({ worker_id }) => worker_id === entry.view.task?.worker_id),
          );
    } catch (error) {
      const { status = 0 } = error instanceof HttpError ? error : {};
      // Missing, or not allowed for this user: then only silence tells.
      refused = status === 401 || status === 403 || status === 404;
    }
  }

  return {
    look(watched) {
      if (looking || refused) return;
      const due = [...watched].filter(isDue);
      if (due.length === 0) return;
      looking = new AbortController();
      void read(due, looking.signal).finally(() => (looking = undefined));
    },
    stop: () => looking?.abort(),
  };
}

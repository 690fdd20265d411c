/** Looks at the workers of tasks that do not move: seldom, and with one request for all of them. */
import type { Worker } from "../../generated/tasks.js";
import { HttpError } from "../errors/request-errors.js";
import type { Api } from "../http/api.js";
import { readWorkers } from "../http/endpoints.js";
import { isLookDue } from "./stall.js";
import type { Watched } from "./watched.js";

export interface Looker {
  /** Looks, where one of the tasks needs it. */
  look(watched: Iterable<Watched>): void;
  /** Ends a look that is under way: nobody waits any more. */
  stop(): void;
}

/**
 * @param quietMs how long a task may stand still before its worker is looked at, in ms
 * @param onLook gets each task that was looked at, and its worker where that is listed
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
    // It was seen standing still since the last look.
    readAt >= (lookedAt ?? -Infinity) &&
    isLookDue(clock.now() - changedAt, lookedAt && lookedAt - changedAt, quietMs);

  async function read(due: readonly Watched[], signal: AbortSignal): Promise<void> {
    const now = clock.now();
    for (const entry of due) entry.lookedAt = now;
    const ids = new Set(due.map(({ view }) => view.task?.worker_id as string));
    try {
      const workers = await readWorkers(api, ids.size === 1 ? [...ids] : [], signal);
      for (const entry of due)
        // Of a task that has moved meanwhile it tells nothing.
        if (entry.lookedAt === now)
          onLook(
            entry,
            workers.find(({ worker_id }) => worker_id === entry.view.task?.worker_id),
          );
    } catch (error) {
      const { status = 0 } = error instanceof HttpError ? error : {};
      // Not there, or not for this user: then only silence tells.
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

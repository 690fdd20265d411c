/**
 * Watches tasks: one loop per client for all tasks that anyone waits for. The server is asked; nothing
 * is concluded from silence.
 */
import type { TaskSummary } from "../generated/tasks.js";
import type { Api } from "./api.js";
import type { VisionatrixError } from "./errors.js";
import type { ClientOptions, Logger } from "./options.js";
import { mapParallel } from "./parallel.js";
import { jitter, nextDelay, retryDelay } from "./pace.js";
import { isFinal, stateOf, type TaskState } from "./state.js";

/** What is known of a task. */
export interface TaskView {
  readonly id: number;
  readonly state: TaskState;
  /** 0–100; can fall, when a worker gives up and the task starts again. */
  readonly percent: number;
  /** The server's last word; undefined before its first, and for a task that was never found. */
  readonly task?: TaskSummary | undefined;
  /** Why the server could not be asked last time, while that is so. */
  readonly trouble?: VisionatrixError | undefined;
}

/** Gets every change of a task, or the error that ended the watching. */
export type Listener = (view: TaskView, fatal?: VisionatrixError) => void;

export interface Watcher {
  /** Starts to watch a task; the function returned stops it. */
  follow(id: number, listener: Listener): () => void;
  /** Tells which flow and group a task belongs to, so that it can be read in a list. */
  place(id: number, flow: string, group: number): void;
  /** Has tasks looked at now, e.g. because a webhook told of them. */
  wake(id: number): void;
  /** Highest task id seen on the server. */
  highestId(): number;
}

/** A task that is watched. Times are those of `Date.now()`. */
export interface Watched {
  readonly id: number;
  readonly listeners: Set<Listener>;
  view: TaskView;
  since: number;
  /** When a worker was first seen on it, and how far it was then. */
  runningSince: number | undefined;
  percentAtStart: number;
  /** When anything last changed. */
  changedAt: number;
  /** When a webhook last told of it; 0 if none did. */
  toldAt: number;
  dueAt: number;
}

/** What a round of reading works with. */
export interface Round {
  readonly api: Api;
  /** All tasks that are watched. */
  readonly watched: ReadonlyMap<number, Watched>;
  readonly minMs: number;
  readonly highest: number;
  /** Flow and group of tasks, as `"1 sdxl_lighting"`. */
  readonly places: ReadonlyMap<number, string>;
  /** Takes in what the server says of a task. */
  readonly update: (entry: Watched, task: TaskSummary) => void;
}

/** From this many tasks on, a list may be cheaper than reading them one by one. */
const LIST_FROM = 3;

export function createWatcher(api: Api, options: ClientOptions, logger: Logger): Watcher {
  const { minMs = 250, maxMs = 5000, outageMs = 300_000, stallMs = 600_000 } = options.poll ?? {};
  const watched = new Map<number, Watched>();
  const places = new Map<number, string>();
  /** Sizes of the last lists. */
  const lists = new Map<string, number>();
  let highest = 0;
  let looping = false;
  let wake = (): void => undefined;
  let troubleSince: number | undefined;
  let failures = 0;
  let refusals = 0;

  async function loop(): Promise<void> {
    looping = true;
    while (watched.size > 0) {
      const now = Date.now();
      const pause = Math.min(...[...watched.values()].map(({ dueAt }) => dueAt)) - now;
      if (pause > 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pause);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      else
        try {
          await look(now);
          troubleSince = undefined;
          failures = refusals = 0;
        } catch (error) {
          trouble(error as VisionatrixError);
        }
    }
    looping = false;
  }

  /** One round: reads every task that is due, in the way that costs the server least. */
  async function look(now: number): Promise<void> {
    // What is nearly due goes along, or tasks would be read one at a time.
    let due = [...watched.values()].filter(({ dueAt }) => dueAt <= now + minMs / 2);
    if (watched.size >= LIST_FROM) {
      const { readLists } = await import("./read-lists.js");
      due = await readLists({ api, watched, minMs, highest, places, update }, due, lists);
    }
    await mapParallel(due, readOne);
  }

  async function readOne(entry: Watched): Promise<void> {
    try {
      const { data } = await api.task(entry.id);
      place(entry.id, data.name, data.group_scope);
      update(entry, data);
    } catch (error) {
      if ((error as { code?: string }).code !== "task_not_found") throw error;
      publish(entry, { ...entry.view, state: "gone", trouble: undefined });
    }
  }

  function place(id: number, flow: string, group: number): void {
    highest = Math.max(highest, id);
    places.set(id, `${group} ${flow}`);
  }

  function update(entry: Watched, task: TaskSummary): void {
    const now = Date.now();
    const before = entry.view.task;
    const percent = Math.min(Math.max(task.progress, 0), 100);
    if (
      before?.progress !== task.progress ||
      before.execution_time !== task.execution_time ||
      before.locked_at !== task.locked_at
    )
      entry.changedAt = now;
    let state = stateOf(task);
    if (state !== "running" || percent < entry.percentAtStart) entry.runningSince = undefined;
    if (state === "running") {
      if (entry.runningSince === undefined) {
        entry.runningSince = now;
        entry.percentAtStart = percent;
      }
      if (now - entry.changedAt >= stallMs) state = "stalled";
    }
    const delay = nextDelay({
      age: now - entry.since,
      percent,
      runningFor: entry.runningSince && now - entry.runningSince,
      gained: percent - entry.percentAtStart,
      minMs,
      maxMs,
    });
    // While webhooks tell of a task, looking is only there for the one that gets lost.
    const told = now - entry.toldAt < maxMs * 2;
    entry.dueAt = now + jitter(told ? maxMs : delay, Math.random());
    publish(entry, { id: entry.id, state, percent, task });
  }

  function publish(entry: Watched, view: TaskView, fatal?: VisionatrixError): void {
    entry.view = view;
    if (fatal || isFinal(view.state)) {
      if (watched.get(entry.id) === entry) watched.delete(entry.id);
      places.delete(entry.id);
    }
    for (const listener of [...entry.listeners]) listener(view, fatal);
  }

  /** The server could not be asked: goes on for a while, then tells everyone. */
  function trouble(error: VisionatrixError): void {
    const now = Date.now();
    troubleSince ??= now;
    logger.warn(`watching: ${error.message}`);
    const { status = 0, retryAfterMs = 0 } = error as { status?: number; retryAfterMs?: number };
    // One refusal can be a hiccup of the user backend; a second one is an answer.
    if (status === 401 || status === 403) refusals++;
    const fatal = !("code" in error) || refusals > 1 || now - troubleSince >= outageMs;
    const retryAt = now + Math.max(retryAfterMs, retryDelay(failures++, Math.random(), maxMs));
    for (const entry of [...watched.values()]) {
      entry.dueAt = retryAt;
      publish(entry, { ...entry.view, trouble: error }, fatal ? error : undefined);
    }
    if (fatal) {
      troubleSince = undefined;
      failures = refusals = 0;
    }
  }

  return {
    place,
    highestId: () => highest,
    wake(id) {
      const entry = watched.get(id);
      if (!entry) return;
      const now = Date.now();
      // Workers tell of every step; one look per shortest pause is enough.
      entry.dueAt = Math.min(entry.dueAt, Math.max(now, entry.toldAt + minMs));
      entry.toldAt = entry.dueAt;
      wake();
    },
    follow(id, listener) {
      const now = Date.now();
      let entry = watched.get(id);
      if (!entry)
        watched.set(
          id,
          (entry = {
            id,
            listeners: new Set(),
            view: { id, state: "queued", percent: 0 },
            since: now,
            runningSince: undefined,
            percentAtStart: 0,
            changedAt: now,
            toldAt: 0,
            // A task whose flow is known was created here, mostly a moment ago.
            dueAt: places.has(id) ? now + jitter(minMs, Math.random()) : now,
          }),
        );
      else if (entry.view.task) listener(entry.view);
      const { listeners } = entry;
      listeners.add(listener);
      wake();
      if (!looping) void loop();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || watched.get(id)?.listeners !== listeners) return;
        watched.delete(id);
        wake();
      };
    },
  };
}

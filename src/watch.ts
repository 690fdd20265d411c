/**
 * Watches tasks: one loop per client for all tasks that anyone waits for. The server is asked; nothing
 * is concluded from silence.
 */
import type { TaskSummary } from "../generated/tasks.js";
import type { Api } from "./api.js";
import { readTask } from "./api-watch.js";
import type { Context } from "./context.js";
import type { VisionatrixError } from "./errors.js";
import { place, type KnownTasks } from "./known-tasks.js";
import { jitter, nextDelay, retryDelay } from "./pace.js";
import { readLists } from "./read-lists.js";
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
  /** Has tasks looked at now, e.g. because a webhook told of them. */
  wake(id: number): void;
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
  /** Not in the last list, so it is read by its id. */
  unlisted: boolean;
  /** Ends the request that is asking for it just now. */
  reading: AbortController | undefined;
  /** Since when asking for it has failed, how often, and how often with a refusal. */
  failingSince: number | undefined;
  failures: number;
  refusals: number;
}

/** What reading lists works with. */
export interface ListReader {
  readonly api: Api;
  readonly minMs: number;
  readonly known: KnownTasks;
  /** All tasks that are watched. */
  readonly watched: ReadonlyMap<number, Watched>;
  /** Sizes of the last lists, by place. */
  readonly sizes: Map<string, number>;
  /** Takes in what the server says of a task. */
  readonly update: (entry: Watched, task: TaskSummary, askedAt: number) => void;
  /** Runs one request for some tasks. */
  readonly read: (entries: readonly Watched[], run: (signal: AbortSignal) => Promise<void>) => void;
}

/** Reads by id that may be under way at once. */
const PARALLEL_READS = 8;

/** Longest pause that a server can ask for, in ms. */
const MAX_RETRY_AFTER_MS = 30_000;

/** The watcher of a client. */
export function watcherOf(context: Context): Watcher {
  return (context.watcher ??= createWatcher(context));
}

function createWatcher({ api, known, options }: Context): Watcher {
  const { minMs = 250, maxMs = 5000, outageMs = 300_000, stallMs = 600_000 } = options.poll ?? {};
  const watched = new Map<number, Watched>();
  const { places } = known;
  const sizes = new Map<string, number>();
  let looping = false;
  let singles = 0;
  let wake = (): void => undefined;

  async function loop(): Promise<void> {
    looping = true;
    while (watched.size > 0) {
      const now = Date.now();
      // What is nearly due goes along, or tasks would be read one at a time.
      const idle = [...watched.values()].filter(({ reading }) => !reading);
      const due = idle.filter(({ dueAt }) => dueAt <= now);
      if (due.length > 0) start(idle.filter(({ dueAt }) => dueAt <= now + minMs / 2));
      // A read that ends wakes the loop, too.
      const pause = Math.min(
        ...[...watched.values()]
          .filter(({ reading }) => !reading)
          .map(({ dueAt }) => Math.max(dueAt - now, minMs / 4)),
        0x7fffffff,
      );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    looping = false;
  }

  /** Begins to read tasks that are due, in the way that costs the server least. */
  function start(due: readonly Watched[]): void {
    const single = readLists({ api, minMs, known, watched, sizes, update, read }, due);
    for (const entry of single.slice(0, PARALLEL_READS - singles)) readOne(entry);
  }

  function readOne(entry: Watched): void {
    const askedAt = Date.now();
    singles++;
    read([entry], async (signal) => {
      try {
        const { data } = await readTask(api, entry.id, signal);
        place(known, entry.id, data.name, data.group_scope);
        update(entry, data, askedAt);
      } catch (error) {
        if ((error as { code?: string }).code !== "task_not_found") throw error;
        publish(entry, { ...entry.view, state: "gone", trouble: undefined });
      } finally {
        singles--;
      }
    });
  }

  /** Runs a request for tasks; what goes wrong with it is their trouble, and nobody else's. */
  function read(entries: readonly Watched[], run: (signal: AbortSignal) => Promise<void>): void {
    const reading = new AbortController();
    for (const entry of entries) entry.reading = reading;
    run(reading.signal)
      .catch((error: unknown) => {
        if (reading.signal.aborted) return;
        options.logger?.warn(`watching: ${(error as Error).message}`);
        for (const entry of entries)
          if (watched.get(entry.id) === entry) trouble(entry, error as VisionatrixError);
      })
      .finally(() => {
        for (const entry of entries) entry.reading = undefined;
        wake();
      });
  }

  function update(entry: Watched, task: TaskSummary, askedAt: number): void {
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
    // While webhooks tell of a task, looking is only there for the call that gets lost.
    const told = now - entry.toldAt < maxMs * 2;
    // What a webhook told after this was asked for is not in the answer.
    entry.dueAt = entry.toldAt > askedAt ? now : now + jitter(told ? maxMs : delay, Math.random());
    entry.unlisted = false;
    entry.failingSince = undefined;
    entry.failures = entry.refusals = 0;
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

  /** A task could not be asked for: goes on for a while, then tells its listeners. */
  function trouble(entry: Watched, error: VisionatrixError): void {
    const now = Date.now();
    const { status = 0, retryAfterMs = 0 } = error as { status?: number; retryAfterMs?: number };
    entry.failingSince ??= now;
    // One refusal can be a hiccup of the user backend; a second one is an answer. So is at once what the
    // server says of this very task, but not a proxy's 404.
    if (status === 401 || status === 403) entry.refusals++;
    const answered = status === 400 || status === 422;
    const fatal =
      !("code" in error) || answered || entry.refusals > 1 || now - entry.failingSince >= outageMs;
    const pause = retryDelay(entry.failures++, Math.random(), maxMs);
    entry.dueAt = now + Math.max(pause, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
    publish(entry, { ...entry.view, trouble: error }, fatal ? error : undefined);
  }

  return {
    wake(id) {
      const entry = watched.get(id);
      if (!entry) return;
      const now = Date.now();
      // Workers tell of every step; one look per shortest pause is enough.
      entry.dueAt = Math.min(entry.dueAt, Math.max(now, entry.toldAt + minMs));
      entry.toldAt = now;
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
            unlisted: false,
            reading: undefined,
            failingSince: undefined,
            failures: 0,
            refusals: 0,
          }),
        );
      else if (entry.view.task) listener(entry.view);
      const followed = entry;
      followed.listeners.add(listener);
      wake();
      if (!looping) void loop();
      return () => {
        followed.listeners.delete(listener);
        if (followed.listeners.size > 0 || watched.get(id) !== followed) return;
        watched.delete(id);
        // A request that nobody waits for any more would keep the process from ending.
        const { reading } = followed;
        if (reading && ![...watched.values()].some((other) => other.reading === reading))
          reading.abort();
        wake();
      };
    },
  };
}

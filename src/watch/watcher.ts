/**
 * Watches tasks: one polling loop per client for all tasks that anything waits for. The server is always
 * asked; silence proves nothing.
 */
import type { TaskSummary } from "../../generated/tasks.js";
import { AbortError, type VisionatrixError } from "../errors/errors.js";
import { isTaskMissing } from "../errors/request-errors.js";
import type { Api } from "../http/api.js";
import { readTask } from "../http/endpoints.js";
import type { KnownTasks } from "../tasks/known-tasks.js";
import { isFinal } from "../tasks/task-state.js";
import { readLists } from "./lists.js";
import { createLooker } from "./look.js";
import { jitter } from "./pace.js";
import {
  afterAnswer,
  afterFailure,
  afterLook,
  afterWake,
  watchedTask,
  type Listener,
  type PollOptions,
  type TaskView,
  type Watched,
} from "./watched.js";

export interface Watcher {
  /** Starts watching a task; call the returned function to stop. */
  follow(id: number, listener: Listener): () => void;
  /** Polls a watched task now, e.g. because a webhook reported it. */
  wake(id: number): void;
  /** The watched tasks, as last seen. */
  views(): TaskView[];
  /** Stops watching; pending waits get an `AbortError`. */
  close(): void;
  readonly poll: Required<PollOptions>;
}

/** Concurrent reads by id. */
const PARALLEL_READS = 8;

/** Shortest time without progress before a task's worker is checked, in ms. */
const QUIET_MS = 1000;

export function createWatcher(api: Api, known: KnownTasks, options: PollOptions = {}): Watcher {
  const { minMs = 250, maxMs = 5000, outageMs = 300_000, stallMs = 600_000 } = options;
  const poll = { minMs, maxMs, outageMs, stallMs };
  const { clock, logger } = api;
  const watched = new Map<number, Watched>();
  const looker = createLooker(api, Math.max(maxMs, QUIET_MS), (entry, worker) => {
    if (watched.get(entry.id) !== entry) return;
    const view = afterLook(entry, worker, poll, clock.now());
    if (view !== entry.view) publish(entry, view);
  });
  let looping = false;
  let singles = 0;
  let wake = (): void => undefined;

  async function loop(): Promise<void> {
    looping = true;
    while (watched.size > 0) {
      const now = clock.now();
      // Tasks that are nearly due are read too, or tasks would be read one at a time.
      const idle = [...watched.values()].filter(({ reading }) => !reading);
      const due = idle.filter(({ dueAt }) => dueAt <= now);
      if (due.length > 0) start(idle.filter(({ dueAt }) => dueAt <= now + minMs / 2));
      looker.look(watched.values());
      // The end of a read wakes the loop, too.
      const pause = Math.min(
        ...[...watched.values()]
          .filter(({ reading }) => !reading)
          .map(({ dueAt }) => Math.max(dueAt - now, minMs / 4)),
      );
      await new Promise<void>((resolve) => {
        const cancel = clock.after(pause, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
    looping = false;
    looker.stop();
  }

  /** Starts reading due tasks, in the way that costs the server least. */
  function start(due: readonly Watched[]): void {
    const single = readLists({ api, minMs, known, watched, update, read }, due);
    for (const entry of single.slice(0, PARALLEL_READS - singles)) readOne(entry);
  }

  function readOne(entry: Watched): void {
    const askedAt = clock.now();
    singles++;
    read([entry], async (signal) => {
      try {
        const { data } = await readTask(api, entry.id, signal);
        known.placed(entry.id, data.name, data.group_scope);
        update(entry, data, askedAt);
      } catch (error) {
        if (!isTaskMissing(error)) throw error;
        publish(entry, { ...entry.view, state: "gone", stalled: undefined, trouble: undefined });
      } finally {
        singles--;
      }
    });
  }

  /** Runs a request on behalf of tasks. Its failure affects only these tasks. */
  function read(entries: readonly Watched[], run: (signal: AbortSignal) => Promise<void>): void {
    const reading = new AbortController();
    for (const entry of entries) entry.reading = reading;
    run(reading.signal)
      .catch((error: unknown) => {
        if (reading.signal.aborted) return;
        logger?.warn(`watching: ${(error as Error).message}`);
        for (const entry of entries) if (watched.get(entry.id) === entry) failed(entry, error);
      })
      .finally(() => {
        for (const entry of entries) entry.reading = undefined;
        wake();
      });
  }

  function update(entry: Watched, task: TaskSummary, askedAt: number): void {
    publish(entry, afterAnswer(entry, task, poll, clock.now(), askedAt, clock.random()));
  }

  function failed(entry: Watched, error: unknown): void {
    const fatal = afterFailure(entry, error, poll, clock.now(), clock.random());
    const trouble = error as VisionatrixError;
    publish(entry, { ...entry.view, trouble }, fatal ? trouble : undefined);
  }

  function publish(entry: Watched, view: TaskView, fatal?: VisionatrixError): void {
    entry.view = view;
    if (fatal || isFinal(view.state)) {
      if (watched.get(entry.id) === entry) watched.delete(entry.id);
      known.ended(entry.id);
    }
    for (const listener of [...entry.listeners]) listener(view, fatal);
  }

  return {
    poll,
    close() {
      const error = new AbortError("aborted", "The client was closed.");
      for (const entry of [...watched.values()]) {
        entry.reading?.abort();
        publish(entry, entry.view, error);
      }
      wake();
    },
    views: () => [...watched.values()].map(({ view }) => view),
    wake(id) {
      const entry = watched.get(id);
      if (!entry) return;
      afterWake(entry, clock.now(), minMs);
      wake();
    },
    follow(id, listener) {
      const now = clock.now();
      let entry = watched.get(id);
      if (!entry) {
        // A task with a known flow was created here, usually a moment ago.
        const dueAt = known.listOf(id) ? now + jitter(minMs, clock.random()) : now;
        watched.set(id, (entry = watchedTask(id, now, dueAt)));
      } else if (entry.view.task) listener(entry.view);
      const followed = entry;
      followed.listeners.add(listener);
      wake();
      if (!looping) void loop();
      return () => {
        followed.listeners.delete(listener);
        if (followed.listeners.size > 0 || watched.get(id) !== followed) return;
        watched.delete(id);
        // A request that nothing waits for would keep the process alive.
        const { reading } = followed;
        if (reading && ![...watched.values()].some((other) => other.reading === reading))
          reading.abort();
        wake();
      };
    },
  };
}

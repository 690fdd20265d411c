/**
 * Watches tasks: one loop per client for all tasks that anyone waits for. The server is asked; nothing
 * is concluded from silence.
 */
import type { TaskSummary } from "../generated/tasks.js";
import type { Api } from "./api.js";
import { HttpError, VisionatrixError } from "./errors.js";
import type { ClientOptions, Logger } from "./options.js";
import { jitter, nextDelay, preferSummary, retryDelay, summaryFloor, type Bounds } from "./pace.js";
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
  /** Highest task id seen on the server. */
  highestId(): number;
}

interface Followed {
  id: number;
  listeners: Set<Listener>;
  view: TaskView;
  bucket: string | undefined;
  since: number;
  runningSince: number | undefined;
  percentAtStart: number;
  changedAt: number;
  dueAt: number;
}

interface Bucket {
  name: string;
  group_scope: number;
  /** Bytes of the last summary. */
  measured?: number;
}

/** Reads by id that may run at once. */
const PARALLEL_READS = 8;

export function createWatcher(api: Api, options: ClientOptions, logger: Logger): Watcher {
  const { minMs = 250, maxMs = 5000, outageMs = 300_000, stallMs = 600_000 } = options.poll ?? {};
  const bounds: Bounds = { minMs, maxMs };
  const followed = new Map<number, Followed>();
  const buckets = new Map<string, Bucket>();
  let highest = 0;
  let running = false;
  let wake: (() => void) | undefined;
  let troubleSince: number | undefined;
  let failures = 0;
  let refusals = 0;

  function place(id: number, flow: string, group: number): void {
    highest = Math.max(highest, id);
    const key = `${group} ${flow}`;
    if (!buckets.has(key)) buckets.set(key, { name: flow, group_scope: group });
    const entry = followed.get(id);
    if (entry) entry.bucket = key;
    else places.set(id, key);
  }
  const places = new Map<number, string>();

  function follow(id: number, listener: Listener): () => void {
    let entry = followed.get(id);
    if (!entry) {
      const now = Date.now();
      entry = {
        id,
        listeners: new Set(),
        view: { id, state: "queued", percent: 0 },
        bucket: places.get(id),
        since: now,
        runningSince: undefined,
        percentAtStart: 0,
        changedAt: now,
        // A task that was just placed has only just been created.
        dueAt: places.delete(id) ? now + jitter(minMs, Math.random()) : now,
      };
      followed.set(id, entry);
    } else if (entry.view.task) listener(entry.view);
    entry.listeners.add(listener);
    if (running) wake?.();
    else void loop();
    const { listeners } = entry;
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && followed.get(id)?.listeners === listeners) {
        followed.delete(id);
        if (followed.size === 0) wake?.();
      }
    };
  }

  async function loop(): Promise<void> {
    running = true;
    while (followed.size > 0) {
      const now = Date.now();
      const dueAt = Math.min(...[...followed.values()].map((entry) => entry.dueAt));
      if (dueAt > now) {
        await pause(dueAt - now);
        continue;
      }
      await look(now);
    }
    running = false;
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      }
      wake = done;
    });
  }

  /** One round: reads every task that is due, in the way that costs the server least. */
  async function look(now: number): Promise<void> {
    // What is nearly due goes along, or tasks would be read one at a time.
    const due = [...followed.values()].filter((entry) => entry.dueAt <= now + minMs / 2);
    const single: Followed[] = [];
    const reads: (() => Promise<void>)[] = [];
    for (const [key, group] of groupBy(due)) {
      const bucket = key === undefined ? undefined : buckets.get(key);
      const members = [...followed.values()].filter((entry) => entry.bucket === key);
      if (bucket && preferSummary(members.length, bucket.measured, highest))
        reads.push(() => readSummary(bucket, members, single));
      else single.push(...group);
    }
    try {
      for (const read of reads) await read();
      // Tasks that a summary did not show join these.
      await parallel(single, readOne);
      troubleSince = undefined;
      failures = refusals = 0;
    } catch (error) {
      trouble(error as VisionatrixError);
    }
  }

  async function readSummary(
    bucket: Bucket,
    members: Followed[],
    missing: Followed[],
  ): Promise<void> {
    const { name, group_scope } = bucket;
    const { data, size } = await api.summaries({ name, group_scope });
    bucket.measured = size;
    const floor = Date.now() + summaryFloor(size, bounds);
    for (const entry of members) {
      const task = data[entry.id];
      if (task) {
        update(entry, task);
        entry.dueAt = Math.max(entry.dueAt, floor);
      } else if (followed.has(entry.id)) missing.push(entry);
    }
  }

  async function readOne(entry: Followed): Promise<void> {
    if (!followed.has(entry.id)) return;
    try {
      const { data } = await api.task(entry.id);
      place(entry.id, data.name, data.group_scope);
      update(entry, data);
    } catch (error) {
      if (!(error instanceof HttpError && error.status === 404)) throw error;
      publish(entry, { ...entry.view, state: "gone", trouble: undefined });
    }
  }

  function update(entry: Followed, task: TaskSummary): void {
    const now = Date.now();
    highest = Math.max(highest, task.task_id);
    const before = entry.view.task;
    if (
      before?.progress !== task.progress ||
      before.execution_time !== task.execution_time ||
      before.locked_at !== task.locked_at
    )
      entry.changedAt = now;
    let state = stateOf(task);
    if (state === "running" && now - entry.changedAt >= stallMs) state = "stalled";
    const percent = Math.min(Math.max(task.progress, 0), 100);
    if (state === "queued" || percent < entry.percentAtStart) entry.runningSince = undefined;
    if (state === "running" && entry.runningSince === undefined) {
      entry.runningSince = now;
      entry.percentAtStart = percent;
    }
    entry.dueAt =
      now +
      jitter(
        nextDelay(
          {
            age: now - entry.since,
            percent,
            runningFor: entry.runningSince === undefined ? undefined : now - entry.runningSince,
            gained: percent - entry.percentAtStart,
          },
          bounds,
        ),
        Math.random(),
      );
    publish(entry, { id: entry.id, state, percent, task });
  }

  function publish(entry: Followed, view: TaskView): void {
    entry.view = view;
    if (isFinal(view.state)) followed.delete(entry.id);
    for (const listener of [...entry.listeners]) listener(view);
  }

  /** The server could not be asked: goes on for a while, then tells everyone. */
  function trouble(error: VisionatrixError): void {
    const now = Date.now();
    troubleSince ??= now;
    const refused = error instanceof HttpError && error.status >= 400 && error.status < 500;
    if (refused) refusals++;
    // One refusal can be a hiccup of the user backend; a second one is an answer.
    const fatal =
      !(error instanceof VisionatrixError) || refusals > 1 || now - troubleSince >= outageMs;
    logger.warn(`watching: ${error.message}`);
    const retryAt = now + retryDelay(failures++, Math.random(), maxMs);
    for (const entry of [...followed.values()]) {
      entry.dueAt = retryAt;
      entry.view = { ...entry.view, trouble: error };
      if (fatal) followed.delete(entry.id);
      for (const listener of [...entry.listeners]) listener(entry.view, fatal ? error : undefined);
    }
    if (fatal) {
      troubleSince = undefined;
      failures = refusals = 0;
    }
  }

  return { follow, place, highestId: () => highest };
}

function groupBy(entries: readonly Followed[]): Map<string | undefined, Followed[]> {
  const groups = new Map<string | undefined, Followed[]>();
  for (const entry of entries) {
    const group = groups.get(entry.bucket);
    if (group) group.push(entry);
    else groups.set(entry.bucket, [entry]);
  }
  return groups;
}

async function parallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_READS, items.length) }, worker));
}

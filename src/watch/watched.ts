/**
 * One watched task: what is known about it, and how each response or failure changes that. Pure but for the
 * entry itself. Times are by the client's clock, in ms.
 */
import type { TaskSummary, Worker } from "../../generated/tasks.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { StallReason } from "../errors/task-errors.js";
import { MAX_RETRY_AFTER_MS, retryDelay } from "../http/backoff.js";
import { MOST_REFUSALS, verdictOf } from "../http/verdict.js";
import { isFinal, stateOf, type TaskState } from "../tasks/task-state.js";
import { jitter, nextDelay } from "./pace.js";
import { isLaterRun, releasedRun, stallReason } from "./stall.js";

/** How tasks are polled. */
export interface PollOptions {
  /** Shortest pause between two polls of a task, in ms. Default 250. */
  minMs?: number;
  /** Longest pause, in ms. Default 5000. */
  maxMs?: number;
  /** Longest outage of the server to wait out before waits and reads reject, in ms. Default 300 000. */
  outageMs?: number;
  /**
   * How long a running task may show no change before it counts as stalled, in ms. Default 600 000. Stalls
   * that can be detected sooner are reported at once.
   */
  stallMs?: number;
}

/** What is known about a task. */
export interface TaskView {
  readonly id: number;
  readonly state: TaskState;
  /** 0–100. Can fall when a worker gives up and the task restarts. */
  readonly percent: number;
  /** Why the task is stalled; set only while it is. */
  readonly stalled?: StallReason | undefined;
  /**
   * The task as the server last sent it; undefined before the first response, and for a task that was never
   * found.
   */
  readonly task?: TaskSummary | undefined;
  /** Why the last poll failed; set only while polls fail. */
  readonly trouble?: VisionatrixError | undefined;
}

/** Called with every change of a task, or with the error that ended the watch. */
export type Listener = (view: TaskView, fatal?: VisionatrixError) => void;

/** A watched task. */
export interface Watched {
  readonly id: number;
  readonly listeners: Set<Listener>;
  view: TaskView;
  readonly since: number;
  /** When a worker was first seen on it, and its progress then. */
  runningSince: number | undefined;
  percentAtStart: number;
  /** When anything last changed. */
  changedAt: number;
  /** When the request for its last response was sent. */
  readAt: number;
  /** Since when its current worker has held it, and when the last run that a worker let go of began. */
  takenAt: string | null;
  begunAt: number | undefined;
  /** Its highest progress ever; retakes since then without further progress. */
  best: number;
  retakes: number;
  /** When its worker was last checked since the last change, and the results of the last two checks. */
  lookedAt: number | undefined;
  looks: [(Worker | undefined)?, (Worker | undefined)?];
  /** When a webhook last reported it. */
  wokenAt: number;
  dueAt: number;
  /** Missing from the last list, or let go of by a worker, so it is read by id. */
  unlisted: boolean;
  /** Aborts the pending request for it. */
  reading: AbortController | undefined;
  /** Since when polls have failed, how often, and how often with a rejection. */
  failingSince: number | undefined;
  failures: number;
  refusals: number;
}

export function watchedTask(id: number, now: number, dueAt: number): Watched {
  return {
    id,
    listeners: new Set(),
    view: { id, state: "queued", percent: 0 },
    since: now,
    runningSince: undefined,
    percentAtStart: 0,
    changedAt: now,
    readAt: -Infinity,
    takenAt: null,
    begunAt: undefined,
    best: 0,
    retakes: 0,
    lookedAt: undefined,
    looks: [],
    wokenAt: -Infinity,
    dueAt,
    unlisted: false,
    reading: undefined,
    failingSince: undefined,
    failures: 0,
    refusals: 0,
  };
}

/**
 * Applies what the server says about a task, and schedules the next poll.
 * @param askedAt when the request was sent
 */
export function afterAnswer(
  entry: Watched,
  task: TaskSummary,
  poll: Required<PollOptions>,
  now: number,
  askedAt: number,
  random: number,
): TaskView {
  const { minMs, maxMs } = poll;
  const before = entry.view.task;
  const percent = Math.min(Math.max(task.progress, 0), 100);
  if (
    before?.progress !== task.progress ||
    before.execution_time !== task.execution_time ||
    before.locked_at !== task.locked_at
  ) {
    entry.changedAt = now;
    entry.lookedAt = undefined;
    entry.looks = [];
  }
  entry.readAt = askedAt;
  if (percent > entry.best) {
    entry.best = percent;
    entry.retakes = 0;
  }
  if (task.locked_at !== null && task.locked_at !== entry.takenAt) {
    if (entry.takenAt !== null) entry.retakes++;
    entry.takenAt = task.locked_at;
    // Seen free later, it was let go of by this worker, which was counted.
    entry.begunAt = undefined;
  }
  const begunAt = releasedRun(task);
  if (isLaterRun(begunAt, entry.begunAt)) entry.retakes++;
  if (begunAt) entry.begunAt = begunAt;
  const state = stateOf(task);
  if (state !== "running" || percent < entry.percentAtStart) entry.runningSince = undefined;
  if (state === "running" && entry.runningSince === undefined) {
    entry.runningSince = now;
    entry.percentAtStart = percent;
  }
  const delay = nextDelay({
    age: now - entry.since,
    percent,
    runningFor: entry.runningSince && now - entry.runningSince,
    gained: percent - entry.percentAtStart,
    minMs,
    maxMs,
  });
  // While webhooks report a task, polling only covers calls that get lost.
  const woken = now - entry.wokenAt < maxMs * 2;
  // The response lacks what a webhook reported after the request was sent.
  entry.dueAt = entry.wokenAt > askedAt ? now : now + jitter(woken ? maxMs : delay, random);
  // Lists lack what tells whether it is taken again and again.
  entry.unlisted = begunAt !== undefined;
  entry.failingSince = undefined;
  entry.failures = entry.refusals = 0;
  return judged(entry, { id: entry.id, state, percent, task }, poll, now);
}

/** Applies what a check of workers showed about the one that holds a task. */
export function afterLook(
  entry: Watched,
  worker: Worker | undefined,
  poll: Required<PollOptions>,
  now: number,
): TaskView {
  entry.looks = [entry.looks[1], worker];
  return judged(entry, entry.view, poll, now);
}

/** Marks a view as stalled if its task is. */
function judged(
  { changedAt, retakes, looks }: Watched,
  view: TaskView,
  { stallMs }: Required<PollOptions>,
  now: number,
): TaskView {
  const { task, state } = view;
  if (!task || isFinal(state)) return view;
  const stalled = stallReason({ task, stillMs: now - changedAt, retakes, looks }, stallMs);
  return stalled ? { ...view, state: "stalled", stalled } : view;
}

/**
 * Records that a task could not be polled, and schedules the next poll.
 * @returns whether the watch ends with this error
 */
export function afterFailure(
  entry: Watched,
  error: unknown,
  { maxMs, outageMs }: Required<PollOptions>,
  now: number,
  random: number,
): boolean {
  const http = error instanceof HttpError ? error : undefined;
  const verdict = http && verdictOf(http);
  entry.failingSince ??= now;
  if (verdict === "refused") entry.refusals++;
  const pause = retryDelay(entry.failures++, random, maxMs);
  entry.dueAt = now + Math.max(pause, Math.min(http?.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
  return (
    !(error instanceof VisionatrixError) ||
    verdict === "final" ||
    entry.refusals >= MOST_REFUSALS ||
    now - entry.failingSince >= outageMs
  );
}

/** Records that a webhook reported a task. */
export function afterWake(entry: Watched, now: number, minMs: number): void {
  // Workers report every step; one poll per shortest pause is enough.
  entry.dueAt = Math.min(entry.dueAt, Math.max(now, entry.wokenAt + minMs));
  entry.wokenAt = now;
}

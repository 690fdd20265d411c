/**
 * One task that is watched: what is known of it, and what each answer or failure makes of that. Pure but
 * for the entry itself; times are those of the client's clock, in ms.
 */
import type { TaskSummary, Worker } from "../../generated/tasks.js";
import { VisionatrixError } from "../errors/errors.js";
import { HttpError } from "../errors/request-errors.js";
import type { StallReason } from "../errors/task-errors.js";
import { MAX_RETRY_AFTER_MS, retryDelay } from "../http/backoff.js";
import { isFinal, stateOf, type TaskState } from "../tasks/task-state.js";
import { jitter, nextDelay } from "./pace.js";
import { stallReason } from "./stall.js";

/** How tasks are watched. */
export interface PollOptions {
  /** Shortest pause between two looks at a task, in ms. Default 250. */
  minMs?: number;
  /** Longest pause, in ms. Default 5000. */
  maxMs?: number;
  /** How long an outage of the server is sat out before waits and reads reject, in ms. Default 300 000. */
  outageMs?: number;
  /**
   * How long nothing may be heard of a running task before it counts as stalled, in ms. Default 600 000.
   * Stalls that show sooner do not wait for it.
   */
  stallMs?: number;
}

/** What is known of a task. */
export interface TaskView {
  readonly id: number;
  readonly state: TaskState;
  /** 0–100; can fall, when a worker gives up and the task starts again. */
  readonly percent: number;
  /** Why it is stalled, while it is. */
  readonly stalled?: StallReason | undefined;
  /** The server's last word; undefined before its first, and for a task that was never found. */
  readonly task?: TaskSummary | undefined;
  /** Why the server could not be asked last time, while that is so. */
  readonly trouble?: VisionatrixError | undefined;
}

/** Gets every change of a task, or the error that ended the watching. */
export type Listener = (view: TaskView, fatal?: VisionatrixError) => void;

/** A task that is watched. */
export interface Watched {
  readonly id: number;
  readonly listeners: Set<Listener>;
  view: TaskView;
  readonly since: number;
  /** When a worker was first seen on it, and how far it was then. */
  runningSince: number | undefined;
  percentAtStart: number;
  /** When anything last changed. */
  changedAt: number;
  /** When its last answer was asked for. */
  readAt: number;
  /** Since when its last worker has had it; how far it ever was; takes since that got it no further. */
  takenAt: string | null;
  best: number;
  retakes: number;
  /** When its worker was last looked at since the last change, and what the last two looks showed. */
  lookedAt: number | undefined;
  looks: [(Worker | undefined)?, (Worker | undefined)?];
  /** When a webhook last told of it. */
  wokenAt: number;
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
 * Takes in what the server says of a task, and sets when to look again.
 * @param askedAt when the answer was asked for
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
  }
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
  // While webhooks tell of a task, looking is only there for the call that gets lost.
  const woken = now - entry.wokenAt < maxMs * 2;
  // What a webhook told after this was asked for is not in the answer.
  entry.dueAt = entry.wokenAt > askedAt ? now : now + jitter(woken ? maxMs : delay, random);
  entry.unlisted = false;
  entry.failingSince = undefined;
  entry.failures = entry.refusals = 0;
  return judged(entry, { id: entry.id, state, percent, task }, poll, now);
}

/** Takes in what a look at workers showed of the one that has a task. */
export function afterLook(
  entry: Watched,
  worker: Worker | undefined,
  poll: Required<PollOptions>,
  now: number,
): TaskView {
  entry.looks = [entry.looks[1], worker];
  return judged(entry, entry.view, poll, now);
}

/** A view that says so where its task is stuck. */
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
 * Takes in that a task could not be asked for, and sets when to ask again.
 * @returns whether the watching ends with this error
 */
export function afterFailure(
  entry: Watched,
  error: unknown,
  { maxMs, outageMs }: Required<PollOptions>,
  now: number,
  random: number,
): boolean {
  const { status = 0, retryAfterMs = 0 } = error instanceof HttpError ? error : {};
  entry.failingSince ??= now;
  // One refusal can be a hiccup of the user backend; a second one is an answer. So is at once what the
  // server says of this very task, but not a proxy's 404.
  if (status === 401 || status === 403) entry.refusals++;
  const answered = status === 400 || status === 422;
  const pause = retryDelay(entry.failures++, random, maxMs);
  entry.dueAt = now + Math.max(pause, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  return (
    !(error instanceof VisionatrixError) ||
    answered ||
    entry.refusals > 1 ||
    now - entry.failingSince >= outageMs
  );
}

/** Takes in that a webhook told of a task. */
export function afterWake(entry: Watched, now: number, minMs: number): void {
  // Workers tell of every step; one look per shortest pause is enough.
  entry.dueAt = Math.min(entry.dueAt, Math.max(now, entry.wokenAt + minMs));
  entry.wokenAt = now;
}

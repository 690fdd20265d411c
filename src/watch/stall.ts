/** Whether and why a task is stalled: pure decisions of the watcher. Times in ms. */
import type { TaskDetails, TaskSummary, Worker } from "../../generated/tasks.js";
import type { StallReason } from "../errors/task-errors.js";
import { utc } from "../tasks/task-info.js";
import { stateOf } from "../tasks/task-state.js";

/** What is known about a task that may be stalled. */
export interface Evidence {
  readonly task: Pick<TaskSummary, "locked_at" | "worker_id">;
  /** Time since it last changed. */
  readonly stillMs: number;
  /** How often it was retaken without getting further than before. */
  readonly retakes: number;
  /** Its worker, as the last two checks since the last change showed it. */
  readonly looks: readonly [(Worker | undefined)?, (Worker | undefined)?];
}

/** Retakes without progress after which a task counts as looping. */
const LOOP_RETAKES = 3;

/** Why an unfinished task is stalled; undefined when nothing shows that it is. */
export function stallReason(evidence: Evidence, stallMs: number): StallReason | undefined {
  const { task, stillMs, retakes } = evidence;
  if (retakes >= LOOP_RETAKES) return "looping";
  if (task.locked_at === null) return undefined;
  if (isOrphaned(evidence)) return "orphaned";
  return stillMs >= stallMs ? "silent" : undefined;
}

/**
 * Whether the worker that holds a task asks for other work and gets none. It reported between the two checks,
 * and so after the task last changed; a silent worker may be in a slow node.
 */
function isOrphaned({ task, looks: [first, second] }: Evidence): boolean {
  const idle = (worker: Worker | undefined): boolean =>
    worker !== undefined &&
    worker.worker_id === task.worker_id &&
    worker.empty_task_requests_count >= 1;
  return idle(first) && idle(second) && (second?.last_seen ?? "") > (first?.last_seen ?? "");
}

/**
 * When the last run of a task began that a worker has reported on and let go of, by the server's clock, in ms.
 * All reports of one run give the same time. NaN where the response does not say; undefined for any other task.
 */
export function releasedRun(task: TaskSummary & Partial<TaskDetails>): number | undefined {
  const { worker_id, updated_at, execution_time } = task;
  return worker_id !== null && stateOf(task) === "queued"
    ? Date.parse(utc(updated_at ?? "")) - execution_time * 1000
    : undefined;
}

/** Most by which two reports of one run differ about its beginning, in ms: they travel through networks. */
const SAME_RUN_MS = 500;

/**
 * Whether a released task was taken in between, since the run that was seen last. A worker that is still busy
 * with a restarted task reports on, but on the same run.
 */
export function isLaterRun(begunAt: number = NaN, before: number = NaN): boolean {
  return begunAt - before > SAME_RUN_MS;
}

/** Longest pause between two checks, in ms. */
const LOOK_PAUSE_MAX_MS = 60_000;

/**
 * Whether to check the worker of a task without progress: each time the silence has doubled.
 * @param lookedAfterMs length of the silence at the last check, if any
 * @param quietMs silence that is normal for any task
 */
export function isLookDue(
  stillMs: number,
  lookedAfterMs: number | undefined,
  quietMs: number,
): boolean {
  if (lookedAfterMs === undefined) return stillMs >= quietMs;
  return stillMs - lookedAfterMs >= Math.min(Math.max(lookedAfterMs, quietMs), LOOK_PAUSE_MAX_MS);
}

/** Whether a task is stuck, and why: pure decisions of the watcher. Times in ms. */
import type { TaskSummary, Worker } from "../../generated/tasks.js";
import type { StallReason } from "../errors/task-errors.js";

/** What is known of a task that may be stuck. */
export interface Evidence {
  readonly task: Pick<TaskSummary, "locked_at" | "worker_id">;
  /** Since anything of it has changed. */
  readonly stillMs: number;
  /** How often it was taken again without getting further than before. */
  readonly retakes: number;
  /** Its worker, as the last two looks at workers since the last change showed it. */
  readonly looks: readonly [(Worker | undefined)?, (Worker | undefined)?];
}

/** Takes without progress after which a task counts as looping. */
const LOOP_RETAKES = 3;

/** Why an unfinished task is stuck; undefined where nothing shows that it is. */
export function stallReason(evidence: Evidence, stallMs: number): StallReason | undefined {
  const { task, stillMs, retakes } = evidence;
  if (retakes >= LOOP_RETAKES) return "looping";
  if (task.locked_at === null) return undefined;
  if (isOrphaned(evidence)) return "orphaned";
  return stillMs >= stallMs ? "silent" : undefined;
}

/**
 * Whether the worker that holds a task asks for other work and gets none. It was heard of between the
 * looks, so after the task last changed; a worker that is silent may be in a slow node.
 */
function isOrphaned({ task, looks: [first, second] }: Evidence): boolean {
  const idle = (worker: Worker | undefined): boolean =>
    worker !== undefined &&
    worker.worker_id === task.worker_id &&
    worker.empty_task_requests_count >= 1;
  return idle(first) && idle(second) && (second?.last_seen ?? "") > (first?.last_seen ?? "");
}

/** Longest pause between two looks, in ms. */
const LOOK_PAUSE_MAX_MS = 60_000;

/**
 * Whether to look at the worker of a task that does not move: each time when it has stood still for twice
 * as long.
 * @param lookedAfterMs how long it had stood still at the last look, if there was one
 * @param quietMs as long as that, every task may stand still
 */
export function isLookDue(
  stillMs: number,
  lookedAfterMs: number | undefined,
  quietMs: number,
): boolean {
  if (lookedAfterMs === undefined) return stillMs >= quietMs;
  return stillMs - lookedAfterMs >= Math.min(Math.max(lookedAfterMs, quietMs), LOOK_PAUSE_MAX_MS);
}

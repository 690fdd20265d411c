/** Reruns a task as a new one, and removes the old one once the new one exists. */
import type { CreatedTasks } from "../../generated/tasks.js";
import { SubmitUncertainError } from "../errors/task-errors.js";
import { readTask } from "../http/endpoints.js";
import { retried } from "../http/retried.js";
import { createOnce } from "../submit/create-once.js";
import { settle, unsettledOf } from "../submit/settle.js";
import { stoppable } from "../submit/stoppable.js";
import type { Submission } from "../submit/submission.js";
import { guardTwins } from "../submit/twins.js";
import { cancelTasks } from "../tasks/cancel.js";
import { stateOf } from "../tasks/task-state.js";
import type { StopOptions, Task } from "./run.js";
import { sameAgain } from "./same-again.js";
import { stopperOf, successorOf, type Replaced, type Scope } from "./scope.js";

/** How to hand over to the new task. */
interface Succession {
  /** Creates the handle for the new task. */
  readonly make: (submission: Submission, created: CreatedTasks) => Task;
  /** Replaces the old task with the new one. */
  readonly replace: Replaced;
}

/**
 * Reruns a task. Callers that ask for the same task later, or at the same time, get the same new one.
 * @param scope whose stops also apply to the new task
 */
export function rerunOnce(
  task: Task,
  scope: Scope,
  options: StopOptions | undefined,
  succession: Succession,
): Promise<Task> {
  const { reruns } = scope.tools;
  const known = reruns.get(task.id);
  if (known?.next) return known.next;
  const run = async (): Promise<Task> => {
    let lost = known?.lost;
    let next: Task | undefined;
    try {
      next = await runAgain(task, scope, options, succession, lost);
      return next;
    } catch (error) {
      if (error instanceof SubmitUncertainError) lost = error;
      throw error;
    } finally {
      // A task that finished in the meantime is not rerun.
      reruns.set(task.id, !next || next === task ? { lost } : { next: again, nextId: next.id });
    }
  };
  const again = run();
  reruns.set(task.id, { next: again });
  return again;
}

/**
 * Guards the new task against twins.
 * @param cancels of the scope, before the rerun
 */
function guardNew(
  { id }: Task,
  submission: Submission,
  { outputs }: CreatedTasks,
  scope: Scope,
  cancels: number,
  { make, replace }: Succession,
): void {
  const { tools } = scope;
  guardTwins(tools, submission, {
    ids: () => [successorOf(tools, id)],
    isGivenUp: () => scope.cancels > cancels || scope.givenUp.has(successorOf(tools, id)),
    keeps: (each) => successorOf(tools, each) !== each,
    replace(old, { task_id }) {
      id = task_id;
      tools.known.own(id);
      replace(old, make(submission, { tasks_ids: [id], outputs }));
    },
    report: () => undefined,
  });
}

async function runAgain(
  task: Task,
  scope: Scope,
  options: StopOptions = {},
  { make, replace }: Succession,
  lost: SubmitUncertainError | undefined,
): Promise<Task> {
  const { tools, cancels } = scope;
  const { api, known, budgetMs } = tools;
  const { clock } = api;
  const { id } = task;
  const stop = stopperOf(scope, options);
  try {
    const deadline = clock.now() + budgetMs;
    const { data: old } = await retried(
      api,
      budgetMs,
      () => readTask(api, id, stop.signal),
      stop.signal,
    );
    known.recognise(id);
    const hadEnded = stateOf(old) === "done";
    const submission = (lost && unsettledOf(lost)) ?? sameAgain(old, known.highest);
    const created = await stoppable(tools, submission, stop.signal, (signals) =>
      lost
        ? settle(tools, submission, { error: lost, evidence: "reset" }, signals, deadline)
        : createOnce(tools, submission, signals),
    );
    const next = make(submission, created);
    known.own(next.id);
    known.placed(next.id, old.name, old.group_scope);
    // Before the old one goes, or waits would see it gone.
    replace(id, next);
    if (scope.cancels > cancels) void scope.cancel();
    if (submission.fate.sentAgain)
      guardNew(next, submission, created, scope, cancels, { make, replace });
    if (hadEnded) return next;
    const cancelled = await cancelTasks(api, [id]);
    if (cancelled === "no") {
      // The old task finished after all.
      replace(next.id, task);
      await cancelTasks(api, [next.id]);
      return task;
    }
    if (cancelled === "unknown")
      api.logger?.warn(`task ${id} may still exist beside its rerun ${next.id}`);
    return next;
  } finally {
    stop.release();
  }
}

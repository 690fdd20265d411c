/** Builds a run from created tasks. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { Plan } from "../flow/form.js";
import type { Duplicate, Guarded } from "../submit/twins.js";
import type { Run, Task } from "./run.js";
import { Scope, successorOf, type RunLimits, type TaskTools } from "./scope.js";
import { createTask, sentTexts } from "./task.js";
import { waitable } from "./waitable.js";

/** A run, and the part of it that a guard against duplicate tasks sees. */
export interface CreatedRun {
  readonly run: Run;
  readonly guarded: Guarded;
}

/** Builds the run of tasks that were just created. */
export function createRun(
  tools: TaskTools,
  { flow, seed, parts }: Plan,
  { tasks_ids, outputs }: CreatedTasks,
  limits: RunLimits,
): CreatedRun {
  const { known } = tools;
  const params = sentTexts(parts);
  const scope = new Scope(tools, flow, limits);
  const { tasks } = scope;
  const handleOn = (id: number, own: number | undefined): Task => {
    known.own(id);
    known.placed(id, flow, Number(params["group_scope"] ?? 1));
    return createTask(tools, id, { flow, seed: own, params, outputs }, scope);
  };
  tasks_ids.forEach((id, index) =>
    tasks.push(handleOn(id, seed === undefined ? undefined : seed + index)),
  );
  const duplicates: Duplicate[] = [];
  const run: Run = {
    flow,
    tasks,
    duplicates,
    ...waitable(scope),
    cancel: () => scope.cancel(),
    toJSON: () => ({ flow, tasks }),
    async [Symbol.asyncDispose]() {
      scope.disarm();
      await scope.stop();
    },
  };
  const guarded: Guarded = {
    ids: () => scope.ids.map((id) => successorOf(tools, id)),
    isGivenUp: () => scope.cancels > 0 || scope.ids.every((id) => scope.givenUp.has(id)),
    keeps: (id) => successorOf(tools, id) !== id,
    replace: (id, { task_id }) => {
      const old = tasks.find((task) => task.id === id);
      const heir = handleOn(task_id, old?.seed);
      scope.replace(id, heir);
      // The guard of a rerun must follow, too.
      tools.reruns.set(id, { next: Promise.resolve(heir), nextId: task_id });
    },
    report: (duplicate) => void duplicates.push(duplicate),
  };
  return { run, guarded };
}

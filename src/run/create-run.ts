/** From created tasks to a run. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { Plan } from "../flow/form.js";
import type { Run } from "./run.js";
import { Scope, type RunLimits, type TaskTools } from "./scope.js";
import { createTask, sentTexts } from "./task.js";
import { waitable } from "./waitable.js";

/** Makes the run of tasks that were just created. */
export function createRun(
  tools: TaskTools,
  { flow, seed, parts }: Plan,
  { tasks_ids, outputs }: CreatedTasks,
  limits: RunLimits,
): Run {
  const { known } = tools;
  const params = sentTexts(parts);
  const scope = new Scope(tools, flow, limits);
  const { tasks } = scope;
  tasks_ids.forEach((id, index) => {
    known.own(id);
    known.placed(id, flow, Number(params["group_scope"] ?? 1));
    const own = seed === undefined ? undefined : seed + index;
    tasks.push(createTask(tools, id, { flow, seed: own, params, outputs }, scope));
  });
  return {
    flow,
    tasks,
    ...waitable(scope),
    cancel: () => scope.cancel(),
    toJSON: () => ({ flow, tasks }),
    async [Symbol.asyncDispose]() {
      scope.disarm();
      await scope.stop();
    },
  };
}

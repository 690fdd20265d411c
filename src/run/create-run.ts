/** From created tasks to a run. */
import type { CreatedTasks } from "../../generated/tasks.js";
import type { Cancelled } from "../errors/errors.js";
import type { Plan } from "../flow/form.js";
import type { KnownTasks } from "../tasks/known-tasks.js";
import { onAbort } from "../time/stop.js";
import type { Duplicate, Guarded } from "../submit/twins.js";
import type { Run, Task } from "./run.js";
import { cancelScope, idsOf, type Scope, type TaskTools } from "./scope.js";
import { createTask } from "./task.js";
import { waitable } from "./waitable.js";

/** Limits that hold for the whole life of a run. */
export interface RunLimits {
  readonly signal?: AbortSignal | undefined;
  /** By the client's clock. */
  readonly deadline?: number | undefined;
}

/** A run, and what a guard against twins sees of it. */
export interface CreatedRun {
  readonly run: Run;
  readonly guarded: Guarded;
}

/** Makes the run of tasks that were just created. */
export function createRun(
  tools: TaskTools & { readonly known: KnownTasks },
  { flow, seed, parts }: Plan,
  { tasks_ids, outputs }: CreatedTasks,
  { signal, deadline }: RunLimits,
): CreatedRun {
  const { api, watcher, known } = tools;
  const params: Record<string, string> = {};
  for (const { name, value } of parts)
    if (typeof value === "string" && name !== "seed" && name !== "webhook_headers")
      params[name] = value;
  const handleOn = (id: number, taskSeed: number | undefined): Task => {
    known.own(id);
    known.placed(id, flow, Number(params["group_scope"] ?? 1));
    return createTask(tools, id, { flow, seed: taskSeed, params, outputs });
  };
  const tasks = tasks_ids.map((id, index) =>
    handleOn(id, seed === undefined ? undefined : seed + index),
  );
  const scope: Scope = { api, watcher, tasks, owned: true, signal, deadline };
  const cancel = (): Promise<Cancelled> => cancelScope(scope);
  // Holds for the run's whole life, also while nobody waits.
  const stop = (): void => {
    if (!scope.over) void cancel();
  };
  scope.disarm = signal && onAbort(signal, stop);
  const duplicates: Duplicate[] = [];
  const run: Run = {
    flow,
    tasks,
    duplicates,
    ...waitable(scope),
    cancel,
    toJSON: () => ({ flow, tasks }),
    async [Symbol.asyncDispose]() {
      scope.disarm?.();
      if (!scope.over) await cancel();
    },
  };
  const guarded: Guarded = {
    ids: () => idsOf(scope),
    isGivenUp: () => scope.cancelling !== undefined,
    replace: (id, by) => {
      const index = tasks.findIndex((task) => task.id === id);
      tasks[index] = handleOn(by.task_id, tasks[index]?.seed);
    },
    report: (duplicate) => void duplicates.push(duplicate),
  };
  return { run, guarded };
}

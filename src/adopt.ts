/** From created tasks to a run. */
import type { CreatedTasks } from "../generated/tasks.js";
import { cancelScope } from "./cancel-scope.js";
import type { Context } from "./context.js";
import type { Cancelled } from "./errors.js";
import type { Plan } from "./form.js";
import { place, trim } from "./known-tasks.js";
import { waitable, type Run, type Scope } from "./run.js";
import { onAbort } from "./stop.js";
import { createTask } from "./task.js";

/** Makes handles for tasks that were just created. */
export function adopt(
  context: Context,
  { flow, seed, parts }: Plan,
  { tasks_ids, outputs }: CreatedTasks,
  signal: AbortSignal | undefined,
  deadline: number | undefined,
): Run {
  const { known } = context;
  const params: Record<string, string> = {};
  for (const { name, value } of parts)
    if (typeof value === "string" && name !== "seed" && name !== "webhook_headers")
      params[name] = value;
  const tasks = tasks_ids.map((id, index) => {
    known.adopted.add(id);
    trim(known.adopted);
    place(known, id, flow, Number(params["group_scope"] ?? 1));
    return createTask(context, id, {
      flow,
      seed: seed === undefined ? undefined : seed + index,
      params,
      outputs,
    });
  });
  return createRun({ context, tasks, owned: true, signal, deadline }, flow);
}

function createRun(scope: Scope, flow: string): Run {
  const { tasks, signal } = scope;
  const cancel = (): Promise<Cancelled> => cancelScope(scope);
  // Holds for the run's whole life, also while nobody waits.
  const stop = (): void => {
    if (!scope.over) void cancel();
  };
  scope.disarm = signal && onAbort(signal, stop);
  return {
    flow,
    tasks,
    ...waitable(scope),
    cancel,
    toJSON: () => ({ flow, tasks }),
    async [Symbol.asyncDispose]() {
      scope.disarm?.();
      if (!scope.over) await cancel();
    },
  };
}

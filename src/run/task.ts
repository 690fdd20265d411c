/** Creates the handle on one task. */
import type { TaskOutput } from "../../generated/tasks.js";
import type { FormPart } from "../flow/field.js";
import { deleteTask, restartTask } from "../http/endpoints.js";
import { cancelEach, worstOf } from "../tasks/cancel.js";
import { taskDetails } from "../tasks/task-info.js";
import { rerunOnce } from "./rerun.js";
import type { Task } from "./run.js";
import { Scope, type TaskTools } from "./scope.js";
import { waitable } from "./waitable.js";

/** What is known about a task when its handle is created. */
export interface TaskFacts {
  flow?: string;
  seed?: number | undefined;
  params?: Readonly<Record<string, string>>;
  outputs?: readonly TaskOutput[];
}

/** @param run the run that the task belongs to */
export function createTask(
  tools: TaskTools,
  id: number,
  { flow, seed, params = {}, outputs = [] }: TaskFacts = {},
  run?: Scope,
): Task {
  const { api, known } = tools;
  // Waiting through a handle only observes: it never cancels.
  const own = new Scope(tools);
  const task: Task = {
    id,
    flow,
    seed,
    params,
    outputs,
    ...waitable(own),
    inputReference: (index) => ({ task_id: id, input_index: index }),
    async details(options) {
      const details = await taskDetails(api, id, options?.signal);
      known.recognise(id);
      return details;
    },
    async cancel() {
      run?.givenUp.add(id);
      return worstOf(await cancelEach(api, [id], (each) => known.recognises(each)));
    },
    rerun: (options) =>
      rerunOnce(task, run ?? own, options, {
        make: ({ plan, parts }, created) =>
          createTask(
            tools,
            created.tasks_ids[0] as number,
            { flow: plan.flow, seed: plan.seed, params: sentTexts(parts), ...created },
            run,
          ),
        replace(oldId, next) {
          // `open` holds neither a run that has ended nor a handle that nothing waits for.
          for (const each of [own, run, tools.open]) each?.replace(oldId, next);
        },
      }),
    restart: (options) => restartTask(api, id, options),
    async delete(options) {
      run?.givenUp.add(id);
      await deleteTask(api, id, options?.signal);
    },
    toJSON: () => ({ id, flow, seed }),
  };
  own.tasks.push(task);
  return task;
}

/** The texts that were sent, except those reported separately. */
export function sentTexts(parts: readonly FormPart[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { name, value } of parts)
    if (typeof value === "string" && name !== "seed" && name !== "webhook_headers")
      texts[name] = value;
  return texts;
}

/** Makes the handle on one task. */
import type { TaskOutput } from "../../generated/tasks.js";
import { deleteTask, restartTask } from "../http/endpoints.js";
import { cancelEach, worstOf } from "../tasks/cancel.js";
import type { KnownTasks } from "../tasks/known-tasks.js";
import { taskDetails } from "../tasks/task-info.js";
import type { Task } from "./run.js";
import type { TaskTools } from "./scope.js";
import { waitable } from "./waitable.js";

/** What is known of a task when its handle is made. */
export interface TaskFacts {
  flow?: string;
  seed?: number | undefined;
  params?: Readonly<Record<string, string>>;
  outputs?: readonly TaskOutput[];
}

export function createTask(
  tools: TaskTools & { readonly known: KnownTasks },
  id: number,
  { flow, seed, params = {}, outputs = [] }: TaskFacts = {},
): Task {
  const { api, known } = tools;
  const tasks: Task[] = [];
  const task: Task = {
    id,
    flow,
    seed,
    params,
    outputs,
    // Waiting through a handle is looking on: it never cancels.
    ...waitable({ api, watcher: tools.watcher, tasks, owned: false }),
    inputReference: (index) => ({ task_id: id, input_index: index }),
    async details(options) {
      const details = await taskDetails(api, id, options?.signal);
      known.recognise(id);
      return details;
    },
    cancel: async () => worstOf(await cancelEach(api, [id], (each) => known.recognises(each))),
    restart: (options) => restartTask(api, id, options),
    delete: (options) => deleteTask(api, id, options?.signal),
    toJSON: () => ({ id, flow, seed }),
  };
  tasks.push(task);
  return task;
}

/** A handle on one task; holds no connection and no state of the server's. */
import type { TaskOutput } from "../generated/tasks.js";
import type { Context } from "./context.js";
import type { Cancelled } from "./errors.js";
import type { FileReference } from "./file-input.js";
import type * as Calls from "./later/calls.js";
import type { TaskFullInfo } from "./task-info.js";
import { waitable, type Waitable } from "./run.js";

/** One run of a flow on the server. */
export interface Task extends Waitable {
  readonly id: number;
  /**
   * Flow id. Of a task that was attached by its id alone this and what follows are unknown; `details()`
   * asks for them.
   */
  readonly flow: string | undefined;
  /** The seed that makes this result again; undefined where the flow takes none. */
  readonly seed: number | undefined;
  /** What was sent, without files. */
  readonly params: Readonly<Record<string, string>>;
  /** Output nodes, as the server named them on creation. */
  readonly outputs: readonly TaskOutput[];
  /** A value for a file parameter that points at one of the files given to this task, from 0. */
  inputReference(index: number): FileReference<never>;
  /** Everything that the server knows of the task, the whole workflow included. */
  details(options?: { signal?: AbortSignal }): Promise<TaskFullInfo>;
  /** Takes an unfinished task off the server, also a running one. Takes at most 5 s, never throws. */
  cancel(): Promise<Cancelled>;
  /**
   * Queues a failed task again, with the same inputs and seed.
   * @param options `force` restarts a task without an error as well, e.g. one whose worker died
   */
  restart(options?: { force?: boolean; signal?: AbortSignal }): Promise<void>;
  /** Removes the task in any state, with its children and files. */
  delete(options?: { signal?: AbortSignal }): Promise<void>;
  toJSON(): { id: number; flow: string | undefined; seed: number | undefined };
}

/** What is known of a task when its handle is made. */
export interface TaskFacts {
  flow?: string;
  seed?: number | undefined;
  params?: Readonly<Record<string, string>>;
  outputs?: readonly TaskOutput[];
}

export function createTask(
  context: Context,
  id: number,
  { flow, seed, params = {}, outputs = [] }: TaskFacts = {},
): Task {
  const tasks: Task[] = [];
  const task: Task = {
    id,
    flow,
    seed,
    params,
    outputs,
    // Waiting through a handle is looking on: it never cancels.
    ...waitable({ context, tasks, owned: false }),
    inputReference: (index) => ({ task_id: id, input_index: index }),
    details: async (options) => (await calls()).taskDetails(context.api, id, options?.signal),
    cancel: async () => (await calls()).cancelTasks(context, [id]),
    restart: async (options) => (await calls()).restartTask(context.api, id, options),
    delete: async (options) => (await calls()).deleteTask(context.api, id, options?.signal),
    toJSON: () => ({ id, flow, seed }),
  };
  tasks.push(task);
  return task;
}

const calls = async (): Promise<typeof Calls> => import("./later/calls.js");

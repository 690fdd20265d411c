/** Tasks as the server sends them, with additions. */
import type { TaskDetails, TaskSummary } from "../../generated/tasks.js";
import { amount, checkMembers, text, type OptionRule } from "../errors/option-rules.js";
import type { Api } from "../http/api.js";
import { readSummaries, readTask } from "../http/endpoints.js";
import { readAgain } from "../http/retried.js";
import type { KnownTasks } from "./known-tasks.js";
import { stateOf, type TaskState } from "./task-state.js";

/** A task as `client.tasks` returns it: the server's fields, dates with their time zone, and the state. */
export type TaskInfo = TaskSummary & { readonly state: TaskState };

/** A task as `task.details` returns it. `created_at` is when the server process started, not the task. */
export type TaskFullInfo = TaskDetails & { readonly state: TaskState };

/** Filter for listing tasks. */
export interface TaskFilter {
  /** Flow id. */
  flow?: string | undefined;
  /** Group, 1–255. Default: all groups. */
  group?: number | undefined;
  /** One response cannot tell a stalled task from a running one. */
  state?: Exclude<TaskState, "stalled" | "gone"> | undefined;
}

const FILTER: Readonly<Record<keyof TaskFilter, OptionRule>> = {
  flow: text,
  group: amount,
  state: text,
};

const DATES = ["locked_at", "created_at", "updated_at", "finished_at"] as const;

/** The caller's own tasks, oldest first. The server sends its whole history, about 0.65 kB a task. */
export async function listTasks(
  api: Api,
  known: KnownTasks,
  filter: TaskFilter = {},
  signal?: AbortSignal,
): Promise<TaskInfo[]> {
  checkMembers(Object(filter) as object, FILTER, "filter.");
  const { flow, group = 0, state } = filter;
  const query = { ...(flow !== undefined && { name: flow }), group_scope: group };
  const { data } = await readAgain(api, () => readSummaries(api, query, signal), signal);
  known.sawAll(Object.values(data));
  return Object.values(data)
    .sort((a, b) => a.task_id - b.task_id)
    .map(complete)
    .filter((task) => state === undefined || task.state === state);
}

export async function taskDetails(
  api: Api,
  id: number,
  signal?: AbortSignal,
): Promise<TaskFullInfo> {
  const { data } = await readAgain(api, () => readTask(api, id, signal), signal);
  return complete(data);
}

/** Adds the state, and the `Z` without which JavaScript reads the server's UTC dates as local time. */
function complete<T extends TaskSummary>(task: T): T & { state: TaskState } {
  const dates: Record<string, string> = {};
  for (const key of DATES) {
    const date = (task as Partial<TaskDetails>)[key];
    if (date) dates[key] = utc(date);
  }
  const child_tasks = task.child_tasks.map(complete);
  return { ...task, ...dates, child_tasks, state: stateOf(task) };
}

/** A date from the server with its offset added. */
export function utc(date: string): string {
  return /(Z|[+-]\d\d:?\d\d)$/i.test(date) ? date : `${date}Z`;
}

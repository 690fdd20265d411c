/** Runs on their way to the server, and those that did not get there. */
import { fileInputs, InvalidParamsError, plan, type ParamProblem } from "visionatrix-client";
import type { ServerFlow, TaskInfo } from "visionatrix-client";
import { client } from "./client.js";
import { isFileValue, paramsOf, type Draft, type FileValue } from "./drafts.js";
import { flows } from "./flows.js";
import { store } from "./store.js";
import { lookNow, tasks, tasksChanged } from "./tasks.js";

/** A run of which the server's list does not show the tasks yet. */
export interface Sending {
  readonly key: number;
  readonly flow: string;
  readonly draft: Draft;
  /** Bytes of files that have left, and how many there are. */
  readonly sent: { readonly loaded: number; readonly total: number | undefined } | undefined;
  readonly ids: readonly number[] | undefined;
  readonly error: unknown;
  readonly stop: AbortController;
}

export const sending = store<readonly Sending[]>([]);

/** What a run is made of besides what its form asks for: nobody sets these on a page. */
const NOT_FOR_PAGES = new Set([
  ...["group_scope", "priority", "child_task", "webhook_url", "webhook_headers", "surprise_me"],
]);

const known = new Map<string, Promise<ServerFlow>>();
let lastKey = 0;

/** A flow with its checks; asked for anew when the server lists it otherwise than before. */
export function serverFlow(id: string): Promise<ServerFlow> {
  const listed = flows.get()?.find(({ name }) => name === id);
  const key = `${id} ${JSON.stringify(listed?.input_params)}`;
  let flow = known.get(key);
  if (!flow) {
    flow = client.flow(id, { fileInputs });
    known.set(key, flow);
    flow.catch(() => known.delete(key));
  }
  return flow;
}

/** The parameters that a person may see. */
export function shownParameters(flow: ServerFlow): ServerFlow["parameters"] {
  return flow.parameters.filter(({ name, hidden }) => !hidden && !NOT_FOR_PAGES.has(name));
}

/**
 * Runs a flow. What goes wrong from here on shows in the queue.
 * @returns what is wrong with the form; nothing was sent then
 */
export async function run(flow: ServerFlow, draft: Draft): Promise<readonly ParamProblem[]> {
  const params = await paramsOf(flow.parameters, draft);
  try {
    await plan(flow, params);
  } catch (error) {
    if (error instanceof InvalidParamsError) return error.problems;
    throw error;
  }
  lastKey += 1;
  const entry: Sending = {
    ...{ key: lastKey, flow: flow.id, draft, sent: undefined, ids: undefined, error: undefined },
    stop: new AbortController(),
  };
  sending.update((all) => [...all, entry]);
  void send(flow, params, entry);
  return [];
}

async function send(
  flow: ServerFlow,
  params: Record<string, unknown>,
  { key, draft, stop }: Sending,
): Promise<void> {
  const hasBytes = Object.values(draft).some(
    (value) => isFileValue(value) && value.from === "machine",
  );
  // Whether the server is there shows at once, and not when all tries have failed.
  lookNow();
  try {
    const made = await flow(client, params, {
      signal: stop.signal,
      ...(hasBytes && {
        onUploadProgress: ({ loaded, total }) => change(key, { sent: { loaded, total } }),
      }),
    });
    change(key, { ids: made.tasks.map(({ id }) => id) });
    tasksChanged();
  } catch (error) {
    if (stop.signal.aborted) dismiss(key);
    else change(key, { error });
    tasksChanged();
  }
}

function change(key: number, changed: Partial<Sending>): void {
  sending.update((all) => all.map((each) => (each.key === key ? { ...each, ...changed } : each)));
}

export function dismiss(key: number): void {
  sending.update((all) => all.filter((each) => each.key !== key));
}

// A run that the list shows is on its way no more.
tasks.subscribe(() => {
  const { list } = tasks.get();
  const shown = new Set(list.map(({ task_id }) => task_id));
  sending.update((all) => {
    const left = all.filter(({ ids }) => !ids?.every((id) => shown.has(id)));
    return left.length === all.length ? all : left;
  });
});

/** What a task was given, as a form has it: files as references to those that the server kept. */
export function draftOfTask(flow: ServerFlow, task: TaskInfo): Draft {
  const draft: Record<string, string | boolean | FileValue> = {};
  for (const { name, type } of flow.parameters) {
    const sent = task.input_params[name];
    if (NOT_FOR_PAGES.has(name) || sent === undefined || name === "count") continue;
    draft[name] =
      type === "boolean" || name === "translate" ? /^(true|1)$/.test(`${sent}`) : `${sent}`;
  }
  task.input_files.forEach(({ file_name }, index) => {
    const name = /^\d+_(.+?)(\.\w+)?$/.exec(file_name)?.[1];
    const { task_id: id } = task;
    const reference = client.task(id).inputReference(index);
    if (flow.parameters.some((each) => each.type === "file" && each.name === name))
      draft[name as string] = { from: "task", id, reference };
  });
  return draft;
}

/** Runs a task's flow with what the task was given. @param vary with another seed */
export async function runAgain(task: TaskInfo, vary: boolean): Promise<void> {
  const flow = await serverFlow(task.name);
  const { seed, ...others } = draftOfTask(flow, task);
  await run(flow, vary || seed === undefined ? others : { ...others, seed });
}

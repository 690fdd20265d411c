/** Helpers for the stand-in's own tests. */
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { onTestFinished } from "vitest";
import { type Answer, ask, type FormFields, multipart } from "../conformance/wire.js";

export const FLOW = "sdxl_lighting";
export const FILE_FLOW = "remove_background_birefnet";

export interface Details {
  readonly task_id: number;
  readonly progress: number;
  readonly error: string;
  readonly locked_at: string | null;
  readonly outputs: {
    comfy_node_id: number;
    type: string;
    file_size: number;
    batch_size: number;
  }[];
  readonly [key: string]: unknown;
}

/** A stand-in that is closed when the test ends. Pictures are small unless the test says otherwise. */
export async function start(options: StandinOptions = {}): Promise<Standin> {
  const standin = await startStandin({ maxPictureSide: 48, ...options });
  onTestFinished(() => standin.close());
  return standin;
}

export function put(vix: Standin, fields: FormFields, flow = FLOW): Promise<Answer> {
  const { headers, body } = multipart(fields);
  return ask(vix.url, "PUT", `/vapi/tasks/create/${flow}`, { headers, body });
}

export async function create(
  vix: Standin,
  fields: FormFields = [["prompt", "x"]],
  flow = FLOW,
): Promise<number[]> {
  const answer = await put(vix, fields, flow);
  if (answer.status !== 200) throw new Error(`create answered ${answer.status}: ${answer.text}`);
  return (answer.json() as { tasks_ids: number[] }).tasks_ids;
}

export function get(vix: Standin, path: string): Promise<Answer> {
  return ask(vix.url, "GET", path);
}

/** Yields to the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface WorkerInfo {
  readonly worker_id: string;
  readonly last_seen: string;
  readonly empty_task_requests_count: number;
}

export async function workers(vix: Standin): Promise<WorkerInfo[]> {
  return (await get(vix, "/vapi/workers/info")).json() as WorkerInfo[];
}

export async function details(vix: Standin, id: number): Promise<Details> {
  return (await get(vix, `/vapi/tasks/progress/${id}`)).json() as Details;
}

/** Polls until the task is done or failed, which the stand-in must reach by itself. */
export async function ended(vix: Standin, id: number): Promise<Details> {
  for (;;) {
    const task = await details(vix, id);
    if (task.progress === 100 || task.error !== "") return task;
  }
}

/** Runs a flow to its end and returns the first file of its first output. */
export async function run(vix: Standin, fields: FormFields, flow = FLOW): Promise<Answer> {
  const [id = 0] = await create(vix, fields, flow);
  const task = await ended(vix, id);
  if (task.error !== "") throw new Error(task.error);
  const node = task.outputs[0]?.comfy_node_id ?? 0;
  return get(vix, `/vapi/tasks/results?task_id=${id}&node_id=${node}`);
}

/** The code with which a request fails, or its status if it does not. */
export async function outcome(answer: Promise<Answer>): Promise<string | number> {
  try {
    return (await answer).status;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

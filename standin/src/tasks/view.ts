/** The JSON of a task, key for key and in the order of the wire. */
import type { Flow } from "../flows/flow.js";
import { workflowOf } from "../flows/workflow.js";
import { naiveDate } from "./dates.js";
import type { TaskStore } from "./store.js";
import { engineParams, groupOf, type Task } from "./task.js";

/** A number as the server writes floats: with a fraction even when it is zero. */
export function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Memory options of the engine, the same for every task of the stand-in. */
export const ENGINE_OPTIONS = {
  save_metadata: false,
  smart_memory: true,
  cache_type: "classic",
  cache_size: 1,
  vae_cpu: false,
  reserve_vram: 0.6,
};

function date(ms: number | undefined): string {
  return ms === undefined ? "null" : `"${naiveDate(ms)}"`;
}

/** `input_params`: texts as sent; a seed that was sent is an integer of any size. */
function paramsJson(task: Task): string {
  const entries = [...task.params].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
  if (task.sentSeed !== undefined) entries.push(`"seed":${task.sentSeed}`);
  return `{${entries.join(",")}}`;
}

function translatedJson({ translated }: Task): string {
  return JSON.stringify(translated ?? null);
}

function workflowJson(task: Task, flow: Flow | undefined): string {
  const { id, seed, inputs, outputs } = task;
  return workflowOf({ id, params: engineParams(task), seed, inputs, outputs }, flow);
}

export function outputsJson(task: Task): string {
  const list = task.outputs.map((one) => ({
    comfy_node_id: one.node,
    type: one.type,
    file_size: one.fileSize,
    batch_size: one.batchSize,
  }));
  return JSON.stringify(list);
}

function inputFilesJson(task: Task): string {
  return JSON.stringify(
    task.inputs.map((file) => ({ file_name: file.name, file_size: file.blob.size })),
  );
}

function flagsJson(task: Task): string {
  return JSON.stringify({
    profiler_execution: task.flags.profiler_execution,
    unload_models: task.flags.unload_models,
    federated_task: task.flags.federated_task,
    ...ENGINE_OPTIONS,
  });
}

/** `TaskDetailsShort`, without its last brace, so that {@link detailsJson} can go on from it. */
function openShortJson(task: Task, store: TaskStore): string {
  return store.text(task, () => {
    const children = store.childrenOf(task.id).map((child) => shortJson(child, store));
    return (
      `{"task_id":${task.id},"priority":${task.priority & 15},"progress":${float(task.progress)}` +
      `,"error":${JSON.stringify(task.error)},"name":${JSON.stringify(task.flow)}` +
      `,"input_params":${paramsJson(task)},"outputs":${outputsJson(task)}` +
      `,"input_files":${inputFilesJson(task)},"locked_at":${date(task.lockedAt)}` +
      `,"worker_id":${JSON.stringify(task.worker ?? null)}` +
      `,"execution_time":${float(task.executionTime)},"group_scope":${groupOf(task)}` +
      `,"parent_task_id":${task.parent ?? null},"parent_task_node_id":${task.parentNode ?? null}` +
      `,"child_tasks":[${children.join(",")}],"translated_input_params":${translatedJson(task)}` +
      `,"extra_flags":${flagsJson(task)},"hidden":${task.hidden}`
    );
  });
}

/** `TaskDetailsShort`, as in the summary list and below `child_tasks`. */
export function shortJson(task: Task, store: TaskStore): string {
  return `${openShortJson(task, store)}}`;
}

/** `TaskDetails`, as in the full list and by id. */
export function detailsJson(
  task: Task,
  store: TaskStore,
  context: { startedAt: number; flow: Flow | undefined },
): string {
  return (
    openShortJson(task, store) +
    // The real server shows the start of its process here, for every task.
    `,"created_at":${date(context.startedAt)},"updated_at":${date(task.updatedAt)}` +
    `,"finished_at":${date(task.finishedAt)},"flow_comfy":${workflowJson(task, context.flow)}` +
    `,"user_id":${JSON.stringify(task.user)},"webhook_url":${JSON.stringify(task.webhookUrl ?? null)}` +
    `,"webhook_headers":${JSON.stringify(task.webhookHeaders)}` +
    `,"execution_details":${JSON.stringify(task.executionDetails ?? null)}` +
    `,"custom_worker":${JSON.stringify(task.customWorker ?? null)}}`
  );
}

/** The response of `POST next` to a worker. The flags are raw: three of them appear only when set. */
export function nextJson(task: Task, flow: Flow | undefined): string {
  const raw = {
    ...Object.fromEntries(Object.entries(task.flags).filter(([, value]) => value as boolean)),
    ...ENGINE_OPTIONS,
  };
  return (
    `{"task_id":${task.id},"progress":0.0,"error":"","name":${JSON.stringify(task.flow)}` +
    `,"input_params":${paramsJson(task)},"outputs":${outputsJson(task)}` +
    `,"input_files":${inputFilesJson(task)},"flow_comfy":${workflowJson(task, flow)}` +
    `,"user_id":${JSON.stringify(task.user)},"execution_time":0.0` +
    `,"webhook_url":${JSON.stringify(task.webhookUrl ?? null)}` +
    `,"webhook_headers":${JSON.stringify(task.webhookHeaders)}` +
    `,"extra_flags":${JSON.stringify(raw)},"translated_input_params":${translatedJson(task)}}`
  );
}

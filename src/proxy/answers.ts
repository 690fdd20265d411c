/**
 * Filters the server's responses to the fields that a page may see, which are named here. The workflow, names
 * of users and workers, and webhooks are left out. Pure.
 */
import type {
  CreatedTasks,
  FlowInput,
  InstalledFlow,
  TaskDetails,
  TaskOutput,
  TaskSummary,
} from "../../generated/tasks.js";
import { MARKER_HEADER } from "../submit/marker.js";
import { safeText } from "./texts.js";

/** The group that pages see; the real one on the server is internal to the site. */
const SHOWN_GROUP = 1;

export function shownCreated({ tasks_ids, outputs }: CreatedTasks): object {
  return { tasks_ids, outputs: outputs.map(shownOutput) };
}

export function shownSummary(task: TaskSummary): object {
  return {
    task_id: task.task_id,
    priority: task.priority,
    progress: task.progress,
    error: safeText(task.error),
    name: task.name,
    input_params: task.input_params,
    outputs: task.outputs.map(shownOutput),
    input_files: task.input_files.map(({ file_name, file_size }) => ({
      // A name, never a path.
      file_name: file_name.replace(/^.*[\\/]/, ""),
      file_size,
    })),
    locked_at: task.locked_at,
    worker_id: null,
    execution_time: task.execution_time,
    group_scope: SHOWN_GROUP,
    parent_task_id: null,
    parent_task_node_id: null,
    child_tasks: [],
    translated_input_params: task.translated_input_params,
    hidden: task.hidden,
  };
}

export function shownDetails(task: TaskDetails): object {
  const ref = (task.webhook_headers as Record<string, unknown> | null)?.[MARKER_HEADER];
  return {
    ...shownSummary(task),
    created_at: task.created_at,
    updated_at: task.updated_at,
    finished_at: task.finished_at,
    webhook_url: null,
    webhook_headers: typeof ref === "string" ? { [MARKER_HEADER]: ref } : null,
    custom_worker: null,
  };
}

export function shownFlow(flow: InstalledFlow): object {
  return {
    name: flow.name,
    display_name: flow.display_name,
    description: flow.description,
    tags: flow.tags ?? [],
    input_params: flow.input_params.map(shownInput),
    version: flow.version,
    hidden: flow.hidden ?? false,
    is_seed_supported: flow.is_seed_supported,
    is_count_supported: flow.is_count_supported,
    is_translations_supported: flow.is_translations_supported,
    is_surprise_me_supported: false,
    ...(flow.is_supported_by_workers !== undefined && {
      is_supported_by_workers: flow.is_supported_by_workers,
    }),
  };
}

/** The user that a page sees itself as: always a visitor. */
export const SHOWN_USER: object = {
  user_id: "visitor",
  full_name: "",
  email: "",
  is_admin: false,
  record_expires_at: null,
};

function shownOutput({ comfy_node_id, type, file_size, batch_size }: TaskOutput): object {
  return { comfy_node_id, type, file_size, batch_size };
}

function shownInput(input: FlowInput): object {
  const { name, display_name, type, optional, advanced, hidden, translatable } = input;
  const { order, default: value, options, min, max, step, source_input_name } = input;
  return {
    ...{ name, display_name, type, optional, advanced, hidden, translatable },
    ...{ order, default: value, min, max, step, source_input_name },
    // The keys are what is sent; their values may be file names.
    ...(options && {
      options: Object.fromEntries(Object.keys(options).map((key) => [key, key])),
    }),
  };
}

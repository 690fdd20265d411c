/** The create request that makes a task again, from what the server knows of it. Pure. */
import type { TaskDetails } from "../../generated/tasks.js";
import { VisionatrixError } from "../errors/errors.js";
import type { FormPart } from "../flow/field.js";
import { MARKER_HEADER, withMarker } from "../submit/marker.js";
import { prepare, type Submission } from "../submit/submission.js";

/**
 * Texts go as they were sent, files as references to those that the server has kept.
 * @param above highest task id that is known
 * @throws VisionatrixError `not_repeatable` where the task cannot be made again just as it was
 */
export function sameAgain(task: TaskDetails, above: number): Submission {
  const { seed = drawnSeed(task), ...texts } = task.input_params;
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw notRepeatable(task, `its seed is beyond what a number holds exactly`);
  const values: Record<string, unknown> = {
    ...texts,
    group_scope: task.group_scope,
    priority: task.priority,
    seed,
    translate: task.translated_input_params ? 1 : undefined,
    child_task: task.parent_task_id === null ? undefined : 1,
    webhook_url: task.webhook_url ?? undefined,
    webhook_headers: task.webhook_headers ? JSON.stringify(task.webhook_headers) : undefined,
  };
  task.input_files.forEach(({ file_name }, input_index) => {
    // `{task id}_{parameter}{extension}`
    const parameter = /^\d+_(.+?)(\.[^.]*)?$/s.exec(file_name)?.[1];
    if (!parameter) throw notRepeatable(task, `no parameter is known for its file ${file_name}`);
    values[parameter] = JSON.stringify(
      // What a child is made of comes first, and is a file of its parent's.
      input_index === 0 && task.parent_task_id !== null
        ? { task_id: task.parent_task_id, node_id: task.parent_task_node_id }
        : { task_id: task.task_id, input_index },
    );
  });
  const parts: FormPart[] = [];
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) parts.push({ name, value: String(value) });
  const plan = {
    flow: task.name,
    // A seed that was not recorded will not be, and so does not tell the tasks apart.
    seed: "seed" in task.input_params ? (seed as number) : undefined,
    seedDrawn: true,
    count: 1,
    parts,
  };
  return {
    ...prepare(plan, above, { headers: headersOf(task) }),
    // The one that it had: whoever looks for it by that finds the new task.
    ...withMarker(parts, task.webhook_headers?.[MARKER_HEADER]),
  };
}

/** The seed that the server drew; undefined where the workflow shows none, or several. */
function drawnSeed({ flow_comfy }: TaskDetails): number | undefined {
  const seeds = new Set<number>();
  for (const node of Object.values(flow_comfy)) {
    const { inputs } = Object(node) as { inputs?: Record<string, unknown> | null };
    for (const seed of [inputs?.["seed"], inputs?.["noise_seed"]])
      if (typeof seed === "number") seeds.add(seed);
  }
  return seeds.size === 1 ? [...seeds][0] : undefined;
}

/** What an admin had asked for in headers. */
function headersOf({ custom_worker, extra_flags }: TaskDetails): Record<string, string> {
  return {
    ...(custom_worker !== null && { "X-WORKER-ID": custom_worker }),
    ...(extra_flags?.["unload_models"] === true && { "X-WORKER-UNLOAD-MODELS": "1" }),
    ...(extra_flags?.["profiler_execution"] === true && { "X-WORKER-EXECUTION-PROFILER": "1" }),
  };
}

function notRepeatable({ task_id }: TaskDetails, why: string): VisionatrixError {
  return new VisionatrixError("not_repeatable", `Task ${task_id} cannot be run again: ${why}.`, {
    taskIds: [task_id],
  });
}

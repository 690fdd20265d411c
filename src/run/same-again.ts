/** Rebuilds the create request of a task from what the server knows about it. Pure. */
import type { TaskDetails } from "../../generated/tasks.js";
import { VisionatrixError } from "../errors/errors.js";
import type { FormPart } from "../flow/field.js";
import { MARKER_HEADER, withMarker } from "../submit/marker.js";
import { prepare, type Submission } from "../submit/submission.js";
import { parameterOf } from "../tasks/input-file.js";
import { stateOf } from "../tasks/task-state.js";

/**
 * Texts are sent unchanged, files as references to those that the server kept.
 * @param above highest task id known
 * @throws VisionatrixError `not_repeatable` when the task cannot be reproduced exactly
 */
export function sameAgain(task: TaskDetails, above: number): Submission {
  const { seed = drawnSeed(task), ...texts } = task.input_params;
  const { task_id, parent_task_id, webhook_headers } = task;
  const refuse = (why: string): never => {
    throw new VisionatrixError("not_repeatable", `Task ${task_id} cannot be run again: ${why}.`, {
      taskIds: [task_id],
    });
  };
  if (seed !== undefined && !Number.isSafeInteger(seed)) refuse("its seed is above 2^53");
  const values: Record<string, string | number | null | undefined> = {
    ...texts,
    group_scope: task.group_scope,
    priority: task.priority,
    seed,
    translate: task.translated_input_params && 1,
    child_task: parent_task_id && 1,
    webhook_url: task.webhook_url,
    webhook_headers: webhook_headers && JSON.stringify(webhook_headers),
  };
  task.input_files.forEach(({ file_name }, input_index) => {
    const parameter = parameterOf(file_name);
    values[parameter ?? refuse(`the parameter of its file ${file_name} is not known`)] =
      JSON.stringify(
        // A child's first input is a file of its parent.
        input_index === 0 && parent_task_id !== null
          ? { task_id: parent_task_id, node_id: task.parent_task_node_id }
          : { task_id, input_index },
      );
  });
  const parts: FormPart[] = Object.entries(values).flatMap(([name, value]) =>
    value == null ? [] : { name, value: String(value) },
  );
  const plan = {
    flow: task.name,
    // An unrecorded seed stays unrecorded in the new task, so it cannot tell tasks apart.
    seed: "seed" in task.input_params ? (seed as number) : undefined,
    seedDrawn: true,
    count: 1,
    parts,
  };
  const { custom_worker } = task;
  const isFinished = stateOf(task) === "done";
  const headers = custom_worker === null ? undefined : { "X-WORKER-ID": custom_worker };
  return {
    ...prepare(plan, above, { headers }),
    // The new task takes the marker of one that it replaces, and with it the idempotency key. A finished task
    // stays, and keeps its own: a guard would take the new one for its twin.
    ...withMarker(parts, isFinished ? undefined : webhook_headers?.[MARKER_HEADER]),
  };
}

/** The seed that the server drew; undefined when the workflow shows none, or several. */
function drawnSeed({ flow_comfy }: TaskDetails): number | undefined {
  const seeds = new Set<number>();
  for (const node of Object.values(flow_comfy)) {
    const { inputs } = Object(node) as { inputs?: unknown };
    const { seed, noise_seed } = Object(inputs) as Record<string, unknown>;
    for (const each of [seed, noise_seed]) if (typeof each === "number") seeds.add(each);
  }
  return seeds.size === 1 ? [...seeds][0] : undefined;
}

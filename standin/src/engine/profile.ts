/** Profiling data of a task whose nodes all took the same time. */
import type { Flow } from "../flows/flow.js";
import { workflowOf } from "../flows/workflow.js";
import type { Task } from "../tasks/task.js";
import { ENGINE_OPTIONS } from "../tasks/view.js";

/** @param ms how long the task took */
export function profileOf(task: Task, flow: Flow, ms: number): object {
  const workflow = JSON.parse(workflowOf(task, flow)) as Record<
    string,
    { class_type: string; _meta: { title: string } }
  >;
  const nodes = Object.entries(workflow);
  const seconds = ms / 1000;
  return {
    ...ENGINE_OPTIONS,
    nodes_profiling: nodes.map(([id, { class_type, _meta }]) => ({
      execution_time: seconds / nodes.length,
      gpu_memory_usage: 0,
      class_type,
      title: _meta.title,
      node_id: id,
    })),
    max_memory_usage: 0,
    nodes_execution_time: seconds,
  };
}

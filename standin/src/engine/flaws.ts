/** Finds why an accepted task will fail: checked when a worker takes it, reported at the failing step. */
import type { BlobStore } from "../blobs.js";
import type { TaskFault } from "../faults/fault.js";
import type { Flow } from "../flows/flow.js";
import type { Task } from "../tasks/task.js";
import { absent, unreadable } from "./photo/decode.js";
import { HEAD_BYTES, identify } from "./photo/identify.js";

type Failure = Extract<TaskFault, { readonly do: "fail" }>;

/** Pictures are loaded at the beginning. */
const EARLY = 0;
const LATE = 60;

/** NaN and infinity pass every check, but the node that gets them fails. */
function findNonNumber(task: Task, flow: Flow): Failure | undefined {
  for (const { name, kind } of flow.inputs) {
    if (kind !== "range" && kind !== "range_scale") continue;
    const match = /^\s*[+-]?(nan|inf)/i.exec(task.params.get(name) ?? "");
    if (match === null) continue;
    const what = match[1]?.toLowerCase() === "nan" ? "NaN" : "infinity";
    return { do: "fail", error: `cannot convert float ${what} to integer\n`, at: LATE };
  }
  return undefined;
}

/** The failure that a task's parameters cause, if any. */
export async function findFlaw(
  task: Task,
  flow: Flow,
  blobs: BlobStore,
): Promise<Failure | undefined> {
  for (const file of task.inputs) {
    if (file.gone) return { do: "fail", error: absent(file.name).message, at: EARLY };
    const media = flow.inputs.find(({ name }) => name === file.input)?.media;
    if (media === "video/*") continue;
    if (identify(await blobs.slice(file.blob, 0, HEAD_BYTES)) === undefined) {
      return { do: "fail", error: unreadable(file.name).message, at: EARLY };
    }
  }
  return findNonNumber(task, flow);
}

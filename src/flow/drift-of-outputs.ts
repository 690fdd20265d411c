/** Compares the outputs of generated flows with the workflows on a server. Pure. */
import type { FlowDrift } from "./drift.js";
import type { FlowOutput, MediaKind } from "./parameter.js";

/** The part of a flow that is compared. */
export interface OutputShape {
  readonly id: string;
  /** Left out when unknown. */
  readonly outputs?: readonly FlowOutput[];
}

/** A flow with its workflow, as a server shows it to admins. Untrusted. */
export interface ServedWorkflow {
  readonly name: string;
  readonly flow_comfy: unknown;
}

/** Node class → kind of its output. */
const CLASSES: ReadonlyMap<string, MediaKind> = /* @__PURE__ */ new Map<string, MediaKind>([
  ["SaveImage", "image"],
  ["SaveAnimatedWEBP", "image-animated"],
  ["SaveWEBM", "video"],
  ["VHS_VideoCombine", "video"],
  ["SaveAudio", "audio"],
  ["SaveText|pysssss", "text"],
  ["SaveGLB", "3d-model"],
]);

/** Every difference in outputs. A flow whose outputs are unknown on one side has none. */
export function findOutputDrift(
  flows: readonly OutputShape[],
  workflows: readonly ServedWorkflow[],
): FlowDrift[] {
  const byName = new Map(workflows.map(({ name, flow_comfy }) => [name, flow_comfy]));
  return flows.flatMap(({ id, outputs }) => {
    const there = outputs && outputKinds(byName.get(id));
    return there ? outputDrift(id, outputs, there) : [];
  });
}

/** Kinds by node; undefined when they cannot be determined. */
function outputKinds(workflow: unknown): Map<number, MediaKind> | undefined {
  const kinds = new Map<number, MediaKind>();
  for (const [id, node] of Object.entries(workflow ?? {})) {
    const type: unknown = (node as { class_type?: unknown } | null)?.class_type;
    if (typeof type !== "string") continue;
    const kind = CLASSES.get(type);
    if (kind) kinds.set(Number(id), kind);
    // May be an output of an unknown kind.
    else if (type.startsWith("Save")) return undefined;
  }
  return kinds.size > 0 ? kinds : undefined;
}

/** Outputs match by node. A removed output and an added one of the same kind count as one that moved. */
function outputDrift(
  flow: string,
  here: readonly FlowOutput[],
  there: ReadonlyMap<number, MediaKind>,
): FlowDrift[] {
  const drift: FlowDrift[] = [];
  const note = (rule: string, what: string): void => {
    drift.push({ flow, rule, message: `${flow}: ${what}.` });
  };
  const came = new Map(there);
  for (const { node } of here) came.delete(node);
  for (const { node, kind } of here) {
    const now = there.get(node);
    if (now === kind) continue;
    const moved = [...came].find(([, other]) => other === kind)?.[0];
    if (now !== undefined)
      note("output-kind-changed", `node ${node} makes ${now} now, not ${kind}`);
    else if (moved === undefined) note("output-removed", `no longer makes ${kind} in node ${node}`);
    else {
      came.delete(moved);
      note("output-moved", `makes ${kind} in node ${moved} now, not in ${node}`);
    }
  }
  for (const [node, kind] of came) note("output-added", `also makes ${kind} in node ${node}`);
  return drift;
}

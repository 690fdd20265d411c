/** What the stand-in knows of a flow: the interface that its description states, and its output nodes. */

/** How the server treats the value of an input. `range_scale` is a number that the schema calls a string. */
export type InputKind = "text" | "list" | "bool" | "range" | "range_scale" | "file";

/** What an output node makes. */
export type OutputType = "image" | "image-animated" | "video" | "audio" | "text" | "3d-model";

export interface FlowInput {
  /** Wire name, e.g. `steps_number`. */
  readonly name: string;
  readonly label: string;
  readonly kind: InputKind;
  readonly required: boolean;
  readonly default?: string | number | boolean;
  /** For `list`. */
  readonly choices?: readonly string[];
  /** For `range`. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** For `file`: `image/*` or `video/*`. */
  readonly media?: string;
}

export interface FlowOutput {
  /** Id of the node that makes the files. */
  readonly node: number;
  readonly type: OutputType;
}

/** A flow as installed on the stand-in. */
export interface Flow {
  /** Flow id, lower case, as in `PUT /vapi/tasks/create/{id}`. */
  readonly id: string;
  readonly inputs: readonly FlowInput[];
  readonly outputs: readonly FlowOutput[];
  /** Whether the flow takes `seed`, `count`, `translate`. */
  readonly seed: boolean;
  readonly count: boolean;
  readonly translate: boolean;
}

/** Inputs that the server defines for every flow; a flow cannot have its own of the same name. */
export const STANDARD_NAMES: ReadonlySet<string> = new Set([
  "group_scope",
  "priority",
  "child_task",
  "webhook_url",
  "webhook_headers",
  "seed",
  "count",
  "translate",
]);

/** True for ranges that the engine reads as integers, where `3.0` is refused. */
export function isIntegerRange(input: FlowInput): boolean {
  if (input.kind !== "range" || input.step === undefined) return false;
  return [input.step, input.min ?? 0, input.max ?? 0].every(Number.isInteger);
}

/** Name with underscores as spaces and every word capitalised, as the server titles things. */
export function titleOf(name: string): string {
  return name
    .replaceAll("_", " ")
    .replace(/[a-z]+/gi, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}

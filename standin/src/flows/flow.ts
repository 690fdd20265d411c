/** What the stand-in knows about a flow: its listing, its form inputs and its output nodes. */
import type { FlowOutput, ListedFlow, ListedInput } from "./listed.js";

/** How the server treats the value of an input. `range_scale` is a number that the schema calls a string. */
export type InputKind = "text" | "list" | "bool" | "range" | "range_scale" | "file";

export interface FlowInput {
  /** Wire name, e.g. `steps_number`. */
  readonly name: string;
  readonly kind: InputKind;
  /** As the schema declares it. The server checks {@link FlowInput.mandatory} instead. */
  readonly required: boolean;
  /** For files: leaving it out is refused. */
  readonly mandatory: boolean;
  readonly default?: string | number | boolean;
  /** For `list`. */
  readonly choices?: readonly string[];
  /** For `range` and `range_scale`: the engine reads it as an integer, and refuses `3.0`. */
  readonly integer: boolean;
  /** For `file`: `image/*` or `video/*`. */
  readonly media?: string;
  readonly listed: ListedInput;
}

/** A flow as installed on the stand-in. */
export interface Flow {
  /** Flow id, lower case, as in `PUT /vapi/tasks/create/{id}`. */
  readonly id: string;
  readonly inputs: readonly FlowInput[];
  readonly outputs: readonly FlowOutput[];
  readonly listed: ListedFlow;
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

function kindOf({ type }: ListedInput): InputKind {
  return type === "image" || type === "image-mask" || type === "video" ? "file" : type;
}

/** True if all limits are whole numbers. Nothing else in a listing tells integers from other numbers. */
function looksInteger({ type, min, max, step }: ListedInput): boolean {
  if (type !== "range" || step === undefined) return false;
  return [step, min ?? 0, max ?? 0].every(Number.isInteger);
}

function inputFrom(listed: ListedInput, floats: readonly string[]): FlowInput {
  const kind = kindOf(listed);
  const fallback = listed.default;
  const hasDefault = fallback !== null && fallback !== "";
  return {
    name: listed.name,
    kind,
    required: !hasDefault && !listed.optional,
    mandatory: kind === "file" && !listed.optional,
    ...(hasDefault ? { default: fallback } : {}),
    ...(listed.options === undefined ? {} : { choices: Object.keys(listed.options) }),
    integer: looksInteger(listed) && !floats.includes(listed.name),
    ...(kind === "file" ? { media: listed.type === "video" ? "video/*" : "image/*" } : {}),
    listed,
  };
}

/** @param floats ranges that look like integers but are not */
export function flowFrom(
  listed: ListedFlow,
  outputs: readonly FlowOutput[],
  floats: readonly string[] = [],
): Flow {
  return {
    id: listed.name,
    inputs: listed.input_params.map((input) => inputFrom(input, floats)),
    outputs,
    listed,
  };
}

/** The inputs that are not integers, by name: what {@link flowFrom} must be told with a new listing of the flow. */
export function floatsOf({ inputs }: Flow): string[] {
  return inputs.filter(({ integer }) => !integer).map(({ name }) => name);
}

/** Name with underscores as spaces and every word capitalised, as the server titles things. */
export function titleOf(name: string): string {
  return name
    .replaceAll("_", " ")
    .replace(/[a-z]+/gi, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}

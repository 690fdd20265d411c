/** Compares generated flows with those installed on a server. Pure. */
import type { FlowInput, InstalledFlow } from "../../generated/tasks.js";
import { STANDARD_PARAMETERS, type FlowShape, type Parameter } from "./parameter.js";

/** One way in which a server differs from the generated code. */
export interface FlowDrift {
  /** Flow id. */
  readonly flow: string;
  /** Undefined when the difference concerns the flow as a whole. */
  readonly parameter?: string;
  /** Stable name, the same as in `vix-codegen diff`, e.g. `param-choice-removed`. */
  readonly rule: string;
  /** What differs, in one sentence. */
  readonly message: string;
}

/** The server's input types → their names in generated code. */
const TYPES: Readonly<Record<string, Parameter["type"]>> = {
  text: "text",
  number: "text",
  range_scale: "text",
  range: "number",
  list: "choice",
  bool: "boolean",
  image: "file",
  "image-mask": "file",
  video: "file",
};

/** The part of a flow that is compared. */
export interface DriftShape extends FlowShape {
  /** Version it was generated from, if known. */
  readonly version?: string;
}

/** Every difference between the generated flows and the installed ones. */
export function findDrift(
  flows: readonly DriftShape[],
  installed: readonly InstalledFlow[],
): FlowDrift[] {
  const byName = new Map(installed.map((flow) => [flow.name, flow]));
  return flows.flatMap((flow) => {
    const there = byName.get(flow.id);
    return there
      ? [...driftOfVersion(flow, there), ...driftOf(flow.id, flow.parameters, there)]
      : [{ flow: flow.id, rule: "flow-removed", message: `${flow.id} is not installed.` }];
  });
}

/** A listing has no outputs, so a new version only tells that they may have changed. */
function driftOfVersion({ id, version }: DriftShape, there: InstalledFlow): FlowDrift[] {
  if (version === undefined || !there.version || there.version === version) return [];
  const message = `${id} is version ${there.version} on the server, but ${version} here; its outputs may differ.`;
  return [{ flow: id, rule: "flow-version-changed", message }];
}

function driftOf(flow: string, known: readonly Parameter[], there: InstalledFlow): FlowDrift[] {
  const drift: FlowDrift[] = [];
  const note = (parameter: string, rule: string, what: string): void => {
    drift.push({ flow, parameter, rule, message: `${flow}: \`${parameter}\` ${what}.` });
  };
  const ours = new Map(known.map((parameter) => [parameter.name, parameter]));
  for (const [name, takes] of [
    ["seed", there.is_seed_supported],
    ["count", there.is_count_supported],
    ["translate", there.is_translations_supported],
  ] as const) {
    if (takes && !ours.has(name)) note(name, "standard-param-added", "is accepted by the server");
    if (!takes && ours.has(name)) note(name, "standard-param-removed", "is no longer accepted");
  }
  const inputs = new Map(there.input_params.map((input) => [input.name, input]));
  for (const [name, input] of inputs) {
    const parameter = ours.get(name);
    if (parameter) compare(parameter, input, note);
    else if (isRequired(input)) note(name, "param-added-required", "is new and required");
    else note(name, "param-added", "is new");
  }
  for (const { name } of known)
    if (!inputs.has(name) && !Object.hasOwn(STANDARD_PARAMETERS, name))
      note(name, "param-removed", "is gone");
  return drift;
}

function compare(
  parameter: Parameter,
  input: FlowInput,
  note: (parameter: string, rule: string, what: string) => void,
): void {
  const { name, choices = [] } = parameter;
  const type = TYPES[input.type];
  if (type !== parameter.type && !(type === "number" && parameter.type === "integer")) {
    note(name, "param-type-changed", `is ${input.type} on the server, but ${parameter.type} here`);
    return;
  }
  if (isRequired(input) && !parameter.required) note(name, "param-now-required", "is required now");
  if (!isRequired(input) && parameter.required)
    note(name, "param-now-optional", "is no longer required");
  if (parameter.type === "choice") {
    const there = Object.keys(input.options ?? {});
    for (const choice of choices)
      if (!there.includes(choice))
        note(name, "param-choice-removed", `no longer accepts ${JSON.stringify(choice)}`);
    for (const choice of there)
      if (!choices.includes(choice))
        note(name, "param-choice-added", `also accepts ${JSON.stringify(choice)}`);
  }
  for (const [what, here, there] of [
    ["minimum", parameter.min, input.min],
    ["maximum", parameter.max, input.max],
  ] as const)
    if (type === "number" && there !== undefined && there !== here)
      note(
        name,
        `param-${what}-${there > (here ?? 0) ? "raised" : "lowered"}`,
        `has the ${what} ${there} now, not ${String(here)}`,
      );
  const { step } = input;
  if (type === "number" && step !== undefined && step !== parameter.step)
    note(
      name,
      `param-step-${step > (parameter.step ?? 0) ? "narrowed" : "widened"}`,
      `goes in steps of ${step} now, not ${String(parameter.step)}`,
    );
  // In a flow description, empty texts and null are not defaults.
  const there = input.default === "" ? null : (input.default ?? null);
  if (type !== "file" && !isDefault(there, parameter.default ?? null))
    note(
      name,
      `param-default-${there === null ? "removed" : parameter.default === undefined ? "added" : "changed"}`,
      `is ${JSON.stringify(there)} when left out, not ${JSON.stringify(parameter.default ?? null)}`,
    );
}

/** Whether a default equals the generated one, which keeps only the start of a long text. */
function isDefault(there: unknown, here: unknown): boolean {
  if (there === here) return true;
  return (
    typeof there === "string" &&
    typeof here === "string" &&
    here.endsWith("…") &&
    there.startsWith(here.slice(0, -1)) &&
    there.length > here.length
  );
}

/** A file is required even if its default names a sample. */
function isRequired({ optional, type, default: value }: FlowInput): boolean {
  const isEmpty = value === "" || value === null || value === undefined;
  return !optional && (isEmpty || TYPES[type] === "file");
}

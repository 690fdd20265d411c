/**
 * Converts a flow as a server lists it (`GET /vapi/flows/installed`) to the arguments of `defineFlow`, so
 * that flows without generated code are checked like generated ones. The listing is untrusted: malformed
 * entries are left out.
 */
import type { FlowInput, InstalledFlow } from "../../generated/tasks.js";
import { labelOf, STANDARD_PARAMETERS, type Parameter, type StandardName } from "./parameter.js";

/** What a listing says about a flow. */
export interface ListedFlow {
  readonly id: string;
  /** Display name. */
  readonly title: string;
  readonly tags: readonly string[];
  /** Standard parameters first, by name, then the flow's own in the order of the Flows page. */
  readonly parameters: readonly (StandardName | Parameter)[];
}

/** The parameters that the server defines for every flow. */
const ALWAYS = ["group_scope", "priority", "child_task", "webhook_url", "webhook_headers"] as const;

/** Position of an input that gives none. */
const DEFAULT_ORDER = 99;

/** Longest text kept as a default; a longer one is cut, as in generated code. */
const MAX_DEFAULT_TEXT = 40;

/** Reads one entry of the listing. */
export function listedFlow(flow: InstalledFlow): ListedFlow {
  const inputs = (Array.isArray(flow.input_params) ? flow.input_params : []).filter(
    ({ name }) =>
      // The server's own meaning of a standard name wins, so such an input can never be set.
      typeof name === "string" && name !== "" && !Object.hasOwn(STANDARD_PARAMETERS, name),
  );
  return {
    id: flow.name,
    title: flow.display_name || flow.name,
    tags: (flow.tags ?? []).filter((tag) => typeof tag === "string"),
    parameters: [
      ...standardNames(flow, inputs),
      ...inputs
        .map((input) => ({ input, order: input.order ?? DEFAULT_ORDER }))
        .sort((a, b) => a.order - b.order)
        .flatMap(({ input }) => listedParameter(input) ?? []),
    ],
  };
}

function standardNames(flow: InstalledFlow, inputs: readonly FlowInput[]): StandardName[] {
  const hasPrompt = inputs.some(({ name }) => name === "prompt");
  // Servers before 2.7 do not say whether they write prompts, and use this rule.
  const surprises = flow.is_surprise_me_supported ?? (flow.is_count_supported && hasPrompt);
  const names: StandardName[] = [...ALWAYS];
  if (flow.is_seed_supported) names.push("seed");
  if (flow.is_count_supported) names.push("count");
  if (flow.is_translations_supported) names.push("translate");
  if (surprises) names.push("surprise_me");
  return names;
}

/** One input; undefined for a type that the server does not support either. */
function listedParameter(input: FlowInput): Parameter | undefined {
  const kind = kindOf(input);
  if (!kind) return undefined;
  const { name, display_name: label } = input;
  const isFile = kind.type === "file";
  const given = isFile ? undefined : defaultOf(input);
  return {
    name,
    ...kind,
    ...(typeof label === "string" &&
      label !== "" &&
      label !== labelOf({ name, type: "text" }) && { label }),
    // A file is required even if its default names the author's own sample.
    ...(!input.optional && given === undefined && { required: true as const }),
    ...(given !== undefined && { default: given }),
    ...(input.advanced === true && { advanced: true as const }),
    ...(input.hidden === true && { hidden: true as const }),
    ...(input.translatable === true && { translatable: true as const }),
  };
}

function kindOf(
  input: FlowInput,
): Pick<Parameter, "type" | "choices" | "accept" | "min" | "max" | "step"> | undefined {
  switch (input.type) {
    case "text":
    case "number":
      return { type: "text" };
    case "bool":
      return { type: "boolean" };
    case "list":
      // The keys are what is sent; their values stay on the server.
      return { type: "choice", choices: Object.keys(input.options ?? {}) };
    case "range":
    case "range_scale":
      return { type: "number", ...limitsOf(input) };
    case "image":
    case "image-mask":
      return { type: "file", accept: "image/*" };
    case "video":
      return { type: "file", accept: "video/*" };
    default:
      return undefined;
  }
}

function limitsOf({ min, max, step }: FlowInput): Pick<Parameter, "min" | "max" | "step"> {
  return {
    ...(isNumber(min) && { min }),
    ...(isNumber(max) && { max }),
    ...(isNumber(step) && step > 0 && { step }),
  };
}

/** Empty texts and null are not defaults. */
function defaultOf({ default: value }: FlowInput): Parameter["default"] {
  if (typeof value === "boolean" || isNumber(value)) return value;
  if (typeof value !== "string" || value === "") return undefined;
  const characters = Array.from(value);
  return characters.length > MAX_DEFAULT_TEXT
    ? `${characters.slice(0, MAX_DEFAULT_TEXT - 1).join("")}…`
    : value;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

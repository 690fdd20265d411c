/** Parameters of a call → the fields of the create request. */
import { VisionatrixError } from "../errors/errors.js";
import type { Field, FormPart } from "./field.js";
import { decimal, drawSeed } from "./numbers.js";
import type { FlowShape, Parameter } from "./parameter.js";
import { invalidParams } from "./problems.js";
import { brokenRule, checkParams } from "./rules.js";
import { webhookField } from "./webhook-fields.js";

/** What a call would send. */
export interface Plan {
  /** Flow id. */
  readonly flow: string;
  /** Seed of the first task; undefined when the flow takes none. */
  readonly seed: number | undefined;
  /** Whether the client drew the seed because the caller gave none. */
  readonly seedDrawn: boolean;
  /** Number of tasks. */
  readonly count: number;
  /** Texts first, then files. */
  readonly parts: readonly FormPart[];
}

/** What filling a form needs besides the parameters. */
export interface FormTools {
  /** The code for file parameters; left out by programs whose flows take none. */
  readonly files?: Field | undefined;
  readonly random: () => number;
  /** The seed for a call that gives none. Default: a random one. */
  readonly seed?: number | undefined;
  /** Whether `count` may be above `MAX_USUAL_COUNT`. */
  readonly allowLargeCount?: boolean | undefined;
}

/** A `count` above this is usually a typo. */
const MAX_USUAL_COUNT = 1000;

/** The part of a Node stream that is used. */
interface Piped {
  pipe?: unknown;
  on?: (event: "error", listener: () => void) => unknown;
}

/**
 * Checks the parameters of a call and encodes them.
 * @throws InvalidParamsError with every problem
 */
export async function fillForm(
  flow: FlowShape,
  params: object | undefined,
  tools: FormTools,
): Promise<Plan> {
  const values = givenValues(params);
  const fieldOf = (name: string): Field => {
    const parameter = flow.parameters.find((each) => each.name === name);
    if (parameter?.type === "file") return tools.files ?? missingFileCode(flow.id);
    return name.startsWith("webhook_") ? webhookField : plainField;
  };
  const broken = checkParams(flow.parameters, values, (name) => fieldOf(name).brokenRule);
  const count = (values.get("count") ?? 1) as number;
  if (broken.length === 0 && count > MAX_USUAL_COUNT && !tools.allowLargeCount) {
    const parameter = flow.parameters.find(({ name }) => name === "count");
    broken.push({ name: "count", parameter: parameter as Parameter, value: count, rule: "large" });
  }
  if (broken.length > 0)
    throw invalidParams(flow, broken, (parameter, value, rule) =>
      fieldOf(parameter.name).describe?.(parameter, value, rule),
    );
  let seed: number | undefined;
  let seedDrawn = false;
  const parts: FormPart[] = [];
  for (const parameter of flow.parameters) {
    const { name, type } = parameter;
    if (name === "seed" && type === "integer") {
      // The client draws the seed, because the server would not record its own.
      seedDrawn = !values.has(name);
      if (seedDrawn) values.set(name, tools.seed ?? drawSeed(count, tools.random));
      seed = values.get(name) as number;
    }
    if (values.has(name))
      parts.push({ name, value: await fieldOf(name).encode(parameter, values.get(name)) });
  }
  // The multipart parsers of older servers refuse an empty form.
  if (parts.length === 0) parts.push({ name: "priority", value: "0" });
  // Texts come first, so that an intermediary can read the request before the first file arrives.
  const isText = ({ value }: FormPart): boolean => typeof value === "string";
  return {
    flow: flow.id,
    seed,
    seedDrawn,
    count,
    parts: [...parts.filter(isText), ...parts.filter((part) => !isText(part))],
  };
}

function givenValues(params: object | undefined): Map<string, unknown> {
  const values = new Map<string, unknown>();
  // Programs in JavaScript may omit the parameters.
  for (const [name, value] of Object.entries(params ?? {}) as [string, Piped | undefined][]) {
    // A Node stream that fails before anything reads it would crash the process.
    if (value?.pipe) value.on?.("error", () => {});
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

function missingFileCode(flow: string): never {
  throw new VisionatrixError(
    "invalid_option",
    `${flow} takes files, and this program has not loaded the code for them: pass \`fileInputs\` of visionatrix-client, as in defineFlow(id, parameters, { fileInputs }) or client.flow(id, { fileInputs }).`,
  );
}

const plainField: Field = {
  brokenRule,
  encode({ type }, value) {
    if (typeof value === "number") return decimal(value);
    // The server's own flags are integers; those of flows are booleans.
    return String(type === "integer" ? Number(value) : value);
  },
};

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
  /** Seed of the first task; undefined where the flow takes none. */
  readonly seed: number | undefined;
  /** Whether the client drew the seed, since the caller gave none. */
  readonly seedDrawn: boolean;
  /** Number of tasks. */
  readonly count: number;
  /** Texts first, then files. */
  readonly parts: readonly FormPart[];
}

/** What filling a form needs beside the parameters. */
export interface FormTools {
  /** The code for file parameters; left out by programs whose flows take none. */
  readonly files?: Field | undefined;
  readonly random: () => number;
  /** The seed of a call that gives none; drawn where this is left out. */
  readonly seed?: number | undefined;
  /** Whether `count` may be above `MAX_USUAL_COUNT`. */
  readonly allowLargeCount?: boolean | undefined;
}

/** More tasks than this in one call are mostly a slip of the finger. */
const MAX_USUAL_COUNT = 1000;

/** What a stream of Node's has. */
interface Piped {
  pipe?: unknown;
  on?: (event: "error", listener: () => void) => unknown;
}

/**
 * Checks the parameters of a call and encodes them.
 * @throws InvalidParamsError with everything that is wrong
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
      // Drawn here and not by the server, which would not record it.
      seedDrawn = !values.has(name);
      if (seedDrawn) values.set(name, tools.seed ?? drawSeed(count, tools.random));
      seed = values.get(name) as number;
    }
    if (values.has(name))
      parts.push({ name, value: await fieldOf(name).encode(parameter, values.get(name)) });
  }
  // An empty form is refused by the multipart parsers of older servers.
  if (parts.length === 0) parts.push({ name: "priority", value: "0" });
  // Whoever stands between can read what is asked for before the first file has come.
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
  // Programs in JavaScript may leave them out.
  for (const [name, value] of Object.entries(params ?? {}) as [string, Piped | undefined][]) {
    // A stream of Node's that breaks before somebody reads it would end the process.
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
    // Flags of the server itself are integers; those of flows are booleans.
    return String(type === "integer" ? Number(value) : value);
  },
};

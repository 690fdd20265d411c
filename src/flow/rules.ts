/**
 * Checks parameters before a byte is sent. The server would ignore unknown names, missing texts, and numbers
 * out of range, and respond to a wrong choice with a bare 500.
 */
import { isFlag, type Parameter } from "./parameter.js";

/** The server's limit for one text field, in bytes. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** Tolerance, as a part of a step, because steps such as 0.1 have no exact binary form. */
const STEP_TOLERANCE = 1e-6;

/** A parameter and the rule that its value breaks. `problems.ts` has the messages. */
export interface BrokenRule {
  readonly name: string;
  /** Undefined for a name that the flow does not know. */
  readonly parameter?: Parameter;
  readonly value: unknown;
  readonly rule: Rule;
}

/** Stable names of the rules. */
export type Rule =
  | "unknown"
  | "required"
  | "null"
  | "type"
  | "choice"
  | "integer"
  | "precision"
  | "range"
  | "large"
  | "step"
  | "length"
  | "url"
  | "headers"
  | "path"
  | "data"
  | "address"
  | "status"
  | "used"
  | "empty"
  | "kind";

/** The checks of one kind of value. */
export type Check = (parameter: Parameter, value: unknown) => Rule | undefined;

/**
 * All problems with the parameters of a call; empty when there are none.
 * @param values the given values
 * @param checkOf the check for a parameter's kind of value
 */
export function checkParams(
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, unknown>,
  checkOf: (name: string) => Check,
): BrokenRule[] {
  const broken: BrokenRule[] = [];
  for (const [name, value] of values)
    if (!parameters.some((parameter) => parameter.name === name))
      broken.push({ name, value, rule: "unknown" });
  for (const parameter of parameters) {
    const { name, required } = parameter;
    const value = values.get(name);
    const rule =
      value === undefined
        ? required && "required"
        : value === null
          ? "null"
          : checkOf(name)(parameter, value);
    if (rule) broken.push({ name, parameter, value, rule });
  }
  return broken;
}

/** The rule that a text, choice, number, or flag breaks. */
export function brokenRule(parameter: Parameter, value: unknown): Rule | undefined {
  switch (parameter.type) {
    case "boolean":
      return typeof value === "boolean" ? undefined : "type";
    case "choice":
      return parameter.choices?.includes(value as string) ? undefined : "choice";
    case "text":
      // Some flows use a text as a number, which its numeric default shows.
      if (typeof value === "number" && typeof parameter.default === "number") break;
      if (typeof value !== "string") return "type";
      // A UTF-16 unit takes at most 3 bytes, so short texts need no counting.
      return value.length * 3 > MAX_TEXT_BYTES && new Blob([value]).size > MAX_TEXT_BYTES
        ? "length"
        : undefined;
  }
  return isFlag(parameter) && typeof value === "boolean"
    ? undefined
    : brokenNumberRule(parameter, value);
}

function brokenNumberRule(
  { type, min = -Infinity, max = Infinity, step }: Parameter,
  value: unknown,
): Rule | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return "type";
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return "precision";
  if (type === "integer" && value % 1) return "integer";
  if (value < min || value > max) return "range";
  return step !== undefined && !onStep(value / step) && !onStep((value - min) / step)
    ? "step"
    : undefined;
}

function onStep(steps: number): boolean {
  return Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE;
}

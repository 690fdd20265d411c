/**
 * Checks parameters before a byte is sent. The server would ignore unknown names, missing texts and
 * numbers out of range, and answer a wrong choice with a bare 500.
 */
import type { brokenFileRule } from "./file-input.js";
import type { Parameter } from "./flow.js";

/** The server's limit of one text field, in bytes. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** Steps such as 0.1 have no exact binary form; this much of a step is forgiven. */
const STEP_TOLERANCE = 1e-6;

/** A parameter and the rule that its value breaks. `hints.ts` has the words. */
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

/**
 * Everything that is wrong with the parameters of a call; empty when nothing is.
 * @param fileRule looks at files; calls without files do without it
 */
export function checkParams(
  parameters: readonly Parameter[],
  params: Readonly<Record<string, unknown>>,
  fileRule?: typeof brokenFileRule,
): BrokenRule[] {
  const broken: BrokenRule[] = Object.keys(params)
    .filter((key) => params[key] !== undefined && !parameters.some(({ name }) => name === key))
    .map((name) => ({ name, value: params[name], rule: "unknown" }));
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = own(params, name);
    const rule =
      value === undefined
        ? parameter.required && "required"
        : brokenRule(parameter, value, fileRule);
    if (rule) broken.push({ name, parameter, value, rule });
  }
  return broken;
}

/** A parameter's value; what an object inherits, such as `constructor`, is not one. */
export function own(params: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

function brokenRule(
  parameter: Parameter,
  value: unknown,
  fileRule: typeof brokenFileRule | undefined,
): Rule | undefined {
  if (value === null) return "null";
  switch (parameter.type) {
    case "file":
      return fileRule?.(parameter, value);
    case "boolean":
      return typeof value === "boolean" ? undefined : "type";
    case "number":
    case "integer":
      return isFlag(parameter) && typeof value === "boolean"
        ? undefined
        : brokenNumberRule(parameter, value);
    case "choice":
      return parameter.choices?.includes(value as string) ? undefined : "choice";
    case "text":
      if (parameter.name === "webhook_headers") return isHeaders(value) ? undefined : "headers";
      // A few texts are numbers to the flow, and their default says so.
      if (typeof value === "number" && typeof parameter.default === "number")
        return brokenNumberRule(parameter, value);
      if (typeof value !== "string") return "type";
      // The server appends a path to the address, also behind a query.
      if (parameter.name === "webhook_url" && !/^https?:\/\/[^?#]+$/.test(value)) return "url";
      // A UTF-16 unit takes at most 3 bytes, so short texts need no counting.
      return value.length * 3 > MAX_TEXT_BYTES && new Blob([value]).size > MAX_TEXT_BYTES
        ? "length"
        : undefined;
  }
}

/** Whether an integer is a yes or no to the server. */
export function isFlag({ type, min, max }: Parameter): boolean {
  return type === "integer" && min === 0 && max === 1;
}

function brokenNumberRule(
  { type, min = -Infinity, max = Infinity, step }: Parameter,
  value: unknown,
): Rule | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return "type";
  if (Number.isInteger(value)) {
    if (!Number.isSafeInteger(value)) return "precision";
  } else if (type === "integer") return "integer";
  if (value < min || value > max) return "range";
  return step !== undefined && !onStep(value / step) && !onStep((value - min) / step)
    ? "step"
    : undefined;
}

function onStep(steps: number): boolean {
  return Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE;
}

/** Header names to ASCII texts: anything else makes every call of the server's fail. */
function isHeaders(value: unknown): boolean {
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.entries(value as object).every(
      ([name, text]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
        typeof text === "string" &&
        /^[\t\x20-\x7e]*$/.test(text),
    )
  );
}

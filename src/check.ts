/**
 * Checks parameters before a byte is sent. The server would ignore unknown names, missing texts and
 * numbers out of range, and answer a wrong choice with a bare 500.
 */
import type { ParamProblem } from "./errors.js";
import { refuseFile } from "./file-input.js";
import type { Parameter } from "./flow.js";

/** The server's limit of one text field, in bytes. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** Steps such as 0.1 have no exact binary form; this much of a step is forgiven. */
const STEP_TOLERANCE = 1e-6;

/** Everything that is wrong with the parameters of a call; empty when nothing is. */
export function checkParams(
  parameters: readonly Parameter[],
  params: Readonly<Record<string, unknown>>,
): ParamProblem[] {
  const problems: ParamProblem[] = [];
  const names = parameters.map(({ name }) => name);
  for (const name of Object.keys(params)) {
    if (names.includes(name) || params[name] === undefined) continue;
    const near = nearest(name, names);
    problems.push({
      parameter: name,
      value: params[name],
      rule: "unknown",
      hint: `There is no parameter \`${name}\`${near ? `; did you mean \`${near}\`?` : "."}`,
    });
  }
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = own(params, name);
    const [rule, fault] =
      value === undefined
        ? parameter.required
          ? ["required", "is required"]
          : []
        : (refuse(parameter, value) ?? []);
    if (rule && fault)
      problems.push({ parameter: name, value, rule, hint: `\`${name}\` ${fault}.` });
  }
  return problems;
}

/** A parameter's value; what an object inherits, such as `constructor`, is not one. */
export function own(params: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

type Fault = [rule: string, fault: string] | undefined;

function refuse(parameter: Parameter, value: unknown): Fault {
  if (value === null) return ["type", "is null; leave it out instead"];
  if (parameter.name === "webhook_headers") return refuseHeaders(value);
  switch (parameter.type) {
    case "file":
      return refuseFile(parameter, value);
    case "boolean":
      return typeof value === "boolean"
        ? undefined
        : ["type", `must be true or false, not ${show(value)}`];
    case "number":
    case "integer":
      return refuseNumber(parameter, value);
    case "choice":
      return parameter.choices?.includes(value as string)
        ? undefined
        : [
            "choice",
            `must be one of ${parameter.choices?.map(show).join(", ")}, not ${show(value)}`,
          ];
    case "text":
      // A few texts are numbers to the flow, and their default says so.
      if (typeof value === "number" && typeof parameter.default === "number")
        return refuseNumber(parameter, value);
      if (typeof value !== "string") return ["type", `must be a string, not ${show(value)}`];
      if (parameter.name === "webhook_url" && !/^https?:\/\/[^?#]+$/.test(value))
        return [
          "url",
          `must be an http(s) address without a query, as the server appends a path to it, not ${show(value)}`,
        ];
      // A UTF-16 unit takes at most 3 bytes, so short texts need no counting.
      return value.length * 3 > MAX_TEXT_BYTES && new Blob([value]).size > MAX_TEXT_BYTES
        ? ["length", "is longer than the 1 MiB that the server takes"]
        : undefined;
  }
}

function refuseNumber({ type, min, max, step }: Parameter, value: unknown): Fault {
  const flag = type === "integer" && min === 0 && max === 1;
  if (flag && typeof value === "boolean") return undefined;
  if (typeof value !== "number" || !Number.isFinite(value))
    return ["type", `must be a ${flag ? "boolean" : "finite number"}, not ${show(value)}`];
  if (type === "integer" && !Number.isInteger(value))
    return ["integer", `must be a whole number, not ${value}`];
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return ["precision", `is ${value}, beyond what a number holds exactly (2⁵³)`];
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    return [
      "range",
      `must be ${max === undefined ? `at least ${min}` : min === undefined ? `at most ${max}` : `from ${min} to ${max}`}, not ${value}`,
    ];
  if (step !== undefined && !onStep(value, step, 0) && !onStep(value, step, min ?? 0))
    return [
      "step",
      `must be a multiple of ${step}, not ${value}; the nearest is ${Number((Math.round(value / step) * step).toPrecision(12))}`,
    ];
  return undefined;
}

function onStep(value: number, step: number, base: number): boolean {
  const steps = (value - base) / step;
  return (
    Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE * Math.max(1, Math.abs(steps) * 1e-6)
  );
}

function refuseHeaders(value: unknown): Fault {
  const bad: Fault = ["headers", "must be an object of header names to ASCII strings"];
  if (typeof value !== "object" || Array.isArray(value)) return bad;
  return Object.entries(value as object).every(
    ([name, text]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
      typeof text === "string" &&
      /^[\t\x20-\x7e]*$/.test(text),
  )
    ? undefined
    : bad;
}

/** A value as an error shows it. */
export function show(value: unknown): string {
  if (typeof value === "string")
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value);
  return typeof value === "object"
    ? Array.isArray(value)
      ? "an array"
      : "an object"
    : `${value as number}`;
}

/** The known name that is at most a third of the letters away, if there is one. */
function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let limit = Math.max(2, Math.ceil(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < limit) {
      limit = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (next[j - 1] as number) + 1,
        (row[j] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] as number;
}

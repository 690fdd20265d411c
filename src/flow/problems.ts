/** Describes what is wrong with the parameters of a call. */
import { nearestName } from "../errors/suggestion.js";
import { InvalidParamsError, type ParamProblem } from "../errors/task-errors.js";
import type { Field } from "./field.js";
import { isFlag, type FlowShape, type Parameter } from "./parameter.js";
import type { BrokenRule } from "./rules.js";

/**
 * The error for a call with these faults.
 * @param describe messages specific to the parameter's kind, if any
 */
export function invalidParams(
  { id, parameters }: FlowShape,
  broken: readonly BrokenRule[],
  describe: NonNullable<Field["describe"]>,
): InvalidParamsError {
  return new InvalidParamsError(
    id,
    broken.map(({ name, parameter, value, rule }): ParamProblem => ({
      parameter: name,
      // Webhook addresses and headers may hold secrets, and errors get logged.
      value: name.startsWith("webhook_") ? "…" : value,
      rule,
      hint: parameter
        ? `\`${name}\` ${describe(parameter, value, rule) ?? fault(parameter, value, rule)}.`
        : unknownName(
            name,
            parameters.map((known) => known.name),
          ),
    })),
  );
}

function fault(parameter: Parameter, value: unknown, rule: BrokenRule["rule"]): string {
  const { type, min, max, step = 1, choices = [] } = parameter;
  switch (rule) {
    case "unknown":
    case "required":
      return "is required";
    case "null":
      return "is null; leave it out instead";
    case "type":
      return `must be ${isFlag(parameter) || type === "boolean" ? "true or false" : type === "text" ? "a string" : "a finite number"}, not ${show(value)}`;
    case "choice":
      return `must be one of ${choices.map(show).join(", ")}, not ${show(value)}`;
    case "integer":
      return `must be a whole number, not ${show(value)}`;
    case "precision":
      return `is ${show(value)}, beyond what a number holds exactly (2\u2075\u00b3)`;
    case "range":
      return `must be ${max === undefined ? `at least ${min}` : min === undefined ? `at most ${max}` : `from ${min} to ${max}`}, not ${show(value)}`;
    case "step": {
      const nearest = Math.round((value as number) / step) * step;
      // Suggest a multiple only within the limits.
      const fits = nearest >= (min ?? -Infinity) && nearest <= (max ?? Infinity);
      return `must be a multiple of ${step}, not ${show(value)}${fits ? `; the nearest is ${Number(nearest.toPrecision(12))}` : ""}`;
    }
    case "length":
      return "is longer than the server's limit of 1 MiB";
    case "large":
      return `is ${show(value)}, which creates that many tasks: if intended, pass the option { allowLargeCount: true }`;
    default:
      return "cannot be used";
  }
}

function show(value: unknown): string {
  if (typeof value === "string")
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value);
  return typeof value === "object"
    ? Array.isArray(value)
      ? "an array"
      : "an object"
    : `${value as number}`;
}

function unknownName(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return `There is no parameter \`${name}\`${near ? `; did you mean \`${near}\`?` : "."}`;
}

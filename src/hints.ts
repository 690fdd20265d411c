/** Says in words what is wrong with parameters. Loaded only when something is. */
import type { BrokenRule } from "./check.js";
import { badAddress, meantByText, noFile, otherKind } from "./file-hints.js";
import type { UrlInput } from "./file-input.js";
import { isFlag } from "./flag.js";
import { InvalidParamsError, type ParamProblem } from "./run-errors.js";
import type { Flow, Parameter } from "./flow.js";

/** The error for a call with these faults. */
export function invalidParams(
  { id, parameters }: Flow<never>,
  broken: readonly BrokenRule[],
): InvalidParamsError {
  return new InvalidParamsError(
    id,
    broken.map(({ name, parameter, value, rule }): ParamProblem => ({
      parameter: name,
      // Their addresses and headers may hold secrets, and errors are logged.
      value: name.startsWith("webhook_") ? "…" : value,
      rule,
      hint: parameter
        ? `\`${name}\` ${fault(parameter, value, rule)}.`
        : unknownName(
            name,
            parameters.map((known) => known.name),
          ),
    })),
  );
}

function fault(parameter: Parameter, value: unknown, rule: BrokenRule["rule"]): string {
  const { type, min, max, step = 1, choices = [], accept } = parameter;
  switch (rule) {
    case "unknown":
    case "required":
      return "is required";
    case "null":
      return "is null; leave it out instead";
    case "type":
      if (type === "file") return noFile(value);
      return `must be ${isFlag(parameter) || type === "boolean" ? "true or false" : type === "text" ? "a string" : "a finite number"}, not ${show(value)}`;
    case "path":
      return `is a string, ${meantByText(value as string)}`;
    case "data":
      return "is a data: URL whose content cannot be decoded";
    case "address":
      return badAddress((value as UrlInput).url);
    case "status":
      return `is an answer with status ${(value as Response).status}, not a file`;
    case "used":
      return "is a stream or an answer that somebody else reads or has read: give a new one";
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
      // Beyond a limit there is no multiple to name.
      const fits = nearest >= (min ?? -Infinity) && nearest <= (max ?? Infinity);
      return `must be a multiple of ${step}, not ${show(value)}${fits ? `; the nearest is ${Number(nearest.toPrecision(12))}` : ""}`;
    }
    case "length":
      return "is longer than the 1 MiB that the server takes";
    case "url":
      return `must be an http(s) address without a query, as the server appends a path to it`;
    case "headers":
      return "must be an object of header names to ASCII strings";
    case "empty":
      return "is an empty file";
    case "kind":
      return otherKind(accept, value as object | string);
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
  const near = nearest(name, known);
  return `There is no parameter \`${name}\`${near ? `; did you mean \`${near}\`?` : "."}`;
}

/** The known name that differs least, if it is by no more than a third of the letters. */
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

/** Checks options at run time, for programs in JavaScript too. Pure. */
import { VisionatrixError } from "./errors.js";
import { nearestName } from "./suggestion.js";

/** What an option must be, in words, and the test for it. */
export type OptionRule = readonly [words: string, fits: (value: never) => boolean];

export const text: OptionRule = ["a string", (value: unknown) => typeof value === "string"];
export const flag: OptionRule = ["true or false", (value: unknown) => typeof value === "boolean"];
export const called: OptionRule = ["a function", (value: unknown) => typeof value === "function"];
export const ms: OptionRule = [
  "a time in milliseconds, 0 or more",
  (value: unknown) => typeof value === "number" && value >= 0,
];
export const count: OptionRule = [
  "a whole number, 0 or more",
  (value: unknown) => Number.isInteger(value) && (value as number) >= 0,
];
export const signal: OptionRule = [
  "an AbortSignal",
  (value: unknown) => typeof (value as AbortSignal | null)?.aborted === "boolean",
];
export const amount: OptionRule = [
  "a number of at least 1",
  (value: unknown) => typeof value === "number" && value >= 1,
];

/**
 * Checks the members of an options object.
 * @param prefix prepended to their names in errors, such as `poll.`
 * @param known names that are checked elsewhere
 * @throws VisionatrixError `invalid_option` that names the option and what it must be
 */
export function checkMembers(
  given: object,
  rules: Readonly<Record<string, OptionRule | Readonly<Record<string, OptionRule>>>>,
  prefix: string,
  known: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const shown = `\`${prefix}${name}\``;
    if (value === undefined) continue;
    if (!rule) {
      // Some objects, such as a logger, may have more members than the library uses.
      if (prefix === "logger.") continue;
      const near = nearestName(name, [...Object.keys(rules), ...known]);
      throw invalidOption(
        `There is no option ${shown}${near ? `; did you mean \`${prefix}${near}\`?` : ""}`,
      );
    }
    if (Array.isArray(rule)) {
      const [words, fits] = rule as OptionRule;
      if (!fits(value as never))
        throw invalidOption(`${shown} must be ${words}, not ${kindOf(value)}`);
    } else if (typeof value !== "object" || value === null)
      throw invalidOption(
        `${shown} must be an object of ${Object.keys(rule).join(", ")}, not ${kindOf(value)}`,
      );
    else if (name === "logger")
      checkLogger(value as object, rule as Readonly<Record<string, OptionRule>>);
    else
      checkMembers(
        value as object,
        rule as Readonly<Record<string, OptionRule>>,
        `${prefix}${name}.`,
      );
  }
}

function checkLogger(logger: object, rules: Readonly<Record<string, OptionRule>>): void {
  for (const name of Object.keys(rules))
    if (typeof (logger as Record<string, unknown>)[name] !== "function")
      throw invalidOption(`\`logger.${name}\` must be a function; \`console\` is a logger`);
}

/** Describes a value without showing it, because it may be a password. */
function kindOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

/** The error for invalid options. */
export function invalidOption(what: string): VisionatrixError {
  return new VisionatrixError("invalid_option", `${what}.`);
}

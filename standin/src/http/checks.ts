/** Query and form values as the real server's validation library reads them, with its words. */
import { type Problem, ValidationError } from "./errors.js";
import { plainValue } from "./python-json.js";

export type Location = readonly (string | number)[];

/** Integers as text: a sign, digits with single underscores between them, a fraction of zeros. */
const INTEGER = /^[+-]?\d+(?:_\d+)*(?:\.0+)?$/;

/** The integer that a text contains; undefined if the server would not accept it as one. */
export function parseInteger(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (!INTEGER.test(trimmed)) return undefined;
  const digits = trimmed.replace(/\..*$/, "").replace(/^\+/, "").replaceAll("_", "");
  return BigInt(digits);
}

function missing(loc: Location): Problem {
  return { type: "missing", loc, msg: "Field required", input: null };
}

function notAnInteger(loc: Location, input: unknown): Problem {
  return {
    type: "int_parsing",
    loc,
    msg: "Input should be a valid integer, unable to parse string as an integer",
    input,
  };
}

function bounds(
  loc: Location,
  input: unknown,
  value: bigint,
  min?: number,
  max?: number,
): Problem | undefined {
  if (min !== undefined && value < BigInt(min)) {
    const msg = `Input should be greater than or equal to ${min}`;
    return { type: "greater_than_equal", loc, msg, input, ctx: { ge: min } };
  }
  if (max !== undefined && value > BigInt(max)) {
    const msg = `Input should be less than or equal to ${max}`;
    return { type: "less_than_equal", loc, msg, input, ctx: { le: max } };
  }
  return undefined;
}

/** Collects the problems of one request, so that all are reported at once. */
export class Checks {
  readonly problems: Problem[] = [];

  /** An integer given as text. If it is missing: `fallback`, or a problem without a fallback. */
  integer(
    loc: Location,
    text: string | null | undefined,
    rule: { fallback?: bigint; min?: number; max?: number } = {},
  ): bigint {
    const fallback = rule.fallback ?? 0n;
    if (text === null || text === undefined) {
      if (rule.fallback === undefined) this.problems.push(missing(loc));
      return fallback;
    }
    const value = parseInteger(text);
    const problem =
      value === undefined ? notAnInteger(loc, text) : bounds(loc, text, value, rule.min, rule.max);
    if (problem !== undefined) this.problems.push(problem);
    return value ?? fallback;
  }

  /** A boolean given as text. */
  boolean(loc: Location, text: string | null, fallback: boolean): boolean {
    if (text === null) return fallback;
    const word = text.toLowerCase();
    if (["1", "true", "t", "yes", "y", "on"].includes(word)) return true;
    if (["0", "false", "f", "no", "n", "off"].includes(word)) return false;
    const msg = "Input should be a valid boolean, unable to interpret input";
    this.problems.push({ type: "bool_parsing", loc, msg, input: text });
    return fallback;
  }

  /** A text that must be given. */
  text(loc: Location, text: string | null): string {
    if (text === null) this.problems.push(missing(loc));
    return text ?? "";
  }

  /** An integer in a JSON body; text is not accepted. */
  strictInteger(loc: Location, value: unknown, rule: { min?: number; max?: number } = {}): number {
    if (typeof value !== "number" || !Number.isInteger(value)) {
      const msg = "Input should be a valid integer";
      this.problems.push({ type: "int_type", loc, msg, input: plainValue(value) });
      return 0;
    }
    const problem = bounds(loc, value, BigInt(value), rule.min, rule.max);
    if (problem !== undefined) this.problems.push(problem);
    return value;
  }

  /** @throws ValidationError if there was any problem */
  done(): void {
    if (this.problems.length > 0) throw new ValidationError(this.problems);
  }
}

/** Largest integer that the server's database takes; beyond it a lookup fails with a bare 500. */
export const MAX_DATABASE_INTEGER = 2n ** 63n - 1n;

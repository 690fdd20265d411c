/** JSON as Python reads it: with `NaN` and `Infinity`, and with a difference between `9` and `9.0`. */
import { randomUUID } from "node:crypto";

const TOKENS = /"(?:\\.|[^"\\])*"|-?(?:NaN|Infinity)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Prefix for values that JSON cannot express. No document can know it. */
const MARK = `\u0000${randomUUID()}:`;

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** A number with a fraction or an exponent, which Python keeps apart from integers. */
export class PythonFloat {
  readonly text: string;
  readonly value: number;

  constructor(text: string) {
    this.text = text;
    this.value = Number(text);
  }
}

function revive(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith(MARK)) {
    const text = value.slice(MARK.length);
    return SPECIAL.get(text) ?? new PythonFloat(text);
  }
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, revive(one)] as const);
  return Object.fromEntries(entries);
}

/**
 * The value of a JSON text; numbers with a fraction or an exponent are {@link PythonFloat}s.
 *
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  const marked = text.replace(TOKENS, (token) =>
    /^"|^-?\d+$/.test(token) ? token : JSON.stringify(MARK + token),
  );
  return revive(JSON.parse(marked));
}

/** The value, with `PythonFloat`s as ordinary numbers. */
export function plainValue(value: unknown): unknown {
  if (value instanceof PythonFloat) return value.value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainValue(one)]));
}

/** A string as it is; any other value as Python's `str` shows it. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof PythonFloat) return value.text;
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

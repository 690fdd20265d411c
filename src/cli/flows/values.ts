/** Converts typed text to parameter values. The library reports what is wrong with them. */
import type { Parameter } from "../../index.js";

/** The value of a text, e.g. from an option or a table cell. */
export function valueOf(parameter: Parameter, text: string): unknown {
  switch (parameter.type) {
    case "boolean":
      return FLAGS.get(text.trim().toLowerCase()) ?? text;
    case "number":
    case "integer":
      return isFlag(parameter)
        ? (FLAGS.get(text.trim().toLowerCase()) ?? numberOf(text))
        : numberOf(text);
    case "text":
      if (parameter.name === "webhook_headers") return objectOf(text);
      // Some flows use a text as a number, which its numeric default shows.
      return typeof parameter.default === "number" ? numberOf(text) : text;
    default:
      return text;
  }
}

/** Whether a parameter is an on/off flag. */
export function isFlag({ type, min, max }: Parameter): boolean {
  return type === "boolean" || (type === "integer" && min === 0 && max === 1);
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["off", false],
  ["0", false],
]);

function numberOf(text: string): unknown {
  // `Number` also accepts hexadecimal and the empty text.
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : text;
}

function objectOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

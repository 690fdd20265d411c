/** From what people type to values of parameters. What is wrong with them is the library's to say. */
import type { Parameter } from "../../index.js";

/** The value that a text stands for, e.g. in an option or a cell of a table. */
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
      // A few texts are numbers to the flow, and their default says so.
      return typeof parameter.default === "number" ? numberOf(text) : text;
    default:
      return text;
  }
}

/** Whether a parameter is one that is only on or off. */
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
  // `Number` also takes hexadecimal and nothing at all.
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : text;
}

function objectOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The parameters of one call, collected from options, `--param`, and `--params`. */
import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { CliError } from "../exit.js";
import type { FoundFlow } from "./find-flow.js";
import { fileValue } from "./files.js";
import { valueOf } from "./values.js";

/** `NAME=VALUE` of `--param`. */
export function splitParam(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new CliError("usage", `--param takes NAME=VALUE, not ${JSON.stringify(text)}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Parameters from a JSON file, or from standard input for `-`. */
export async function readParams(file: string): Promise<Record<string, unknown>> {
  let content: unknown;
  try {
    const text = file === "-" ? await readAll(process.stdin) : await readFile(file, "utf8");
    content = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new CliError(
      "invalid_input",
      `The parameters of ${shown(file)} cannot be read: ${(error as Error).message}.`,
      { cause: error },
    );
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new CliError("invalid_input", `${shown(file)} does not contain a JSON object.`);
  return content as Record<string, unknown>;
}

function shown(file: string): string {
  return file === "-" ? "standard input" : file;
}

/**
 * The parameters with their files opened.
 * @param folder base of relative paths
 */
export async function openParams(
  { parameters }: FoundFlow,
  params: ReadonlyMap<string, unknown>,
  folder: string,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of params) {
    const parameter = parameters.find((known) => known.name === name);
    const opened = parameter?.type === "file" ? await fileValue(name, value, folder) : value;
    // A name such as `__proto__` is invalid, and must be reported like any other.
    Object.defineProperty(values, name, { value: opened, enumerable: true, configurable: true });
  }
  return values;
}

/** Converts the value of `--param` to its parameter's type; for an unknown name it stays text. */
export function typedValue({ parameters }: FoundFlow, name: string, text: string): unknown {
  const parameter = parameters.find((known) => known.name === name);
  return parameter ? valueOf(parameter, text) : text;
}

/** Where flows and parameters stand in the text of a description: lines, for annotations and usage. */
import { CREATE_PREFIX } from "../model/read.js";
import { pointerKeys } from "../json/pointer.js";

/** Finds lines, counted from 1, in one description. */
export interface Locator {
  /** The line of a parameter; of its flow where it is not there; of where the flow would stand. */
  line(flow: string, parameter: string | null): number;
}

/**
 * Reads the text once and remembers the lines of its keys, so that any way to write the document will
 * do. The text has been read as a description before: it is known to be JSON.
 */
export function locate(text: string): Locator {
  const lines = new Map<string, number>();
  const references = new Map<string, string>();
  walk(text, (path, line, reference) => {
    const id = flowOf(path);
    if (id !== undefined && reference !== undefined && !references.has(id)) {
      references.set(id, keyOf(pointerKeys(reference.slice(1)) ?? []));
    }
    if (reference === undefined) lines.set(keyOf(path), line);
  });
  const ids = [...lines.keys()]
    .map((key) => JSON.parse(key) as string[])
    .flatMap((path) => (path.length === 2 ? (flowOf(path) ?? []) : []));
  const own = (flow: string): number | undefined => {
    const schema = references.get(flow);
    const path = lines.get(keyOf(["paths", CREATE_PREFIX + flow]));
    return (schema === undefined ? undefined : lines.get(schema)) ?? path;
  };
  return {
    line(flow, parameter) {
      const schema = references.get(flow);
      if (parameter !== null && schema !== undefined) {
        const keys = [...(JSON.parse(schema) as string[]), "properties", parameter];
        const line = lines.get(keyOf(keys));
        if (line !== undefined) return line;
      }
      // A flow that went is shown where it stood: at the one that follows it now.
      return own(flow) ?? own(ids.find((id) => id > flow) ?? ids.at(-1) ?? "") ?? 1;
    },
  };
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function flowOf([first, path]: readonly string[]): string | undefined {
  if (first !== "paths" || path?.startsWith(CREATE_PREFIX) !== true) return undefined;
  return path.slice(CREATE_PREFIX.length);
}

type Visit = (path: readonly string[], line: number, reference: string | undefined) => void;

/** Depth below which nothing is looked for: `components/schemas/X/properties/y`. */
const DEPTH = 5;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:\n]/g;

/** Calls `visit` for each key of an object near the top, and for each `$ref` with where it points. */
function walk(text: string, visit: Visit): void {
  const path: string[] = [];
  const isObject: boolean[] = [];
  let line = 1;
  let isKey = false;
  let key = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "\n") line += 1;
    else if (token === "{" || token === "[") {
      isObject.push(token === "{");
      path.push("");
      isKey = token === "{";
    } else if (token === "}" || token === "]") {
      isObject.pop();
      path.pop();
      isKey = false;
    } else if (token === ",") isKey = isObject.at(-1) === true;
    else if (token === ":") isKey = false;
    else if (isKey) {
      key = JSON.parse(token) as string;
      path[path.length - 1] = key;
      if (path.length <= DEPTH) visit(path, line, undefined);
    } else if (key === "$ref") visit(path, line, JSON.parse(token) as string);
  }
}

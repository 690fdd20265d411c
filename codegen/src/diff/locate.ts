/** Finds flows and parameters in the text of a description, for annotations. */
import { pointerKeys } from "../json/pointer.js";
import { CREATE_PREFIX } from "../model/read.js";

/** Finds line numbers, from 1, in one description. */
export interface Locator {
  /** The line of a parameter; if missing, of its flow; if that is missing, too, where the flow would be. */
  line(flow: string, parameter: string | null): number;
}

/**
 * Scans the text once and records the positions of its keys, so that any formatting works. The text has
 * already been read as a description, so it is valid JSON.
 */
export function locate(text: string): Locator {
  const paths = new Map<string, number>();
  const references = new Map<string, readonly string[]>();
  const schemas = new Map<string, number>();
  const parameters = new Map<string, Map<string, number>>();
  walk(text, {
    key(path, offset) {
      const [first, second, third, fourth, fifth] = path;
      const id = flowOf(path);
      if (id !== undefined && path.length === 2) paths.set(id, offset);
      if (first !== "components" || second !== "schemas" || third === undefined) return;
      if (path.length === 3) schemas.set(third, offset);
      if (path.length !== 5 || fourth !== "properties" || fifth === undefined) return;
      const known = parameters.get(third) ?? new Map<string, number>();
      parameters.set(third, known.set(fifth, offset));
    },
    reference(path, target) {
      const id = flowOf(path);
      if (id === undefined || references.has(id)) return;
      references.set(id, pointerKeys(target.slice(1)) ?? []);
    },
  });
  const componentOf = (flow: string): string => references.get(flow)?.[2] ?? "";
  const flowOffset = (flow: string): number | undefined =>
    schemas.get(componentOf(flow)) ?? paths.get(flow);
  const sorted = [...paths.keys()].sort();
  // A removed flow is shown where it was: at the one that now follows it.
  const neighbour = (flow: string): string => sorted.find((id) => id > flow) ?? sorted.at(-1) ?? "";
  return {
    line(flow, parameter) {
      const exact =
        parameter === null ? undefined : parameters.get(componentOf(flow))?.get(parameter);
      return lineAt(text, exact ?? flowOffset(flow) ?? flowOffset(neighbour(flow)) ?? 0);
    },
  };
}

function flowOf([first, path]: readonly string[]): string | undefined {
  if (first !== "paths" || path?.startsWith(CREATE_PREFIX) !== true) return undefined;
  return path.slice(CREATE_PREFIX.length);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

interface Visitor {
  /** Called for each key near the top, with its position. */
  key(path: readonly string[], offset: number): void;
  /** Called for each `$ref`. */
  reference(path: readonly string[], target: string): void;
}

/** Deepest level at which keys are recorded: `components/schemas/X/properties/y`. */
const DEPTH = 5;

function walk(text: string, visitor: Visitor): void {
  const path: string[] = [];
  const isObject: boolean[] = [];
  let isKey = false;
  let isReference = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
      case 0x5b: // [
        isKey = text.charCodeAt(at) === 0x7b;
        isObject.push(isKey);
        path.push("");
        break;
      case 0x7d: // }
      case 0x5d: // ]
        isObject.pop();
        path.pop();
        break;
      case 0x2c: // ,
        isKey = isObject.at(-1) === true;
        break;
      case 0x22: {
        const end = endOfText(text, at);
        if (isKey) {
          isKey = false;
          isReference = text.startsWith('"$ref"', at);
          if (path.length <= DEPTH) {
            path[path.length - 1] = JSON.parse(text.slice(at, end)) as string;
            visitor.key(path, at);
          }
        } else if (isReference) {
          isReference = false;
          visitor.reference(path, JSON.parse(text.slice(at, end)) as string);
        }
        at = end - 1;
        break;
      }
      default:
    }
  }
}

/** The end of the string that starts at `start`, including its quotes. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) at += 1;
    else if (unit === 0x22) return at + 1;
  }
  return text.length;
}

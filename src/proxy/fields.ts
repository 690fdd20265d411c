/**
 * The texts of a form, checked as the client itself checks parameters, and rewritten to be forwarded. Refuses
 * anything that would make the server call or fetch an address, or favour a task. Pure.
 */
import type { FileReference } from "../inputs/file-input.js";
import type { FlowShape, Parameter } from "../flow/parameter.js";
import { isFlag } from "../flow/parameter.js";
import { invalidParams } from "../flow/problems.js";
import { brokenRule, checkParams, type BrokenRule } from "../flow/rules.js";
import { MARKER_HEADER } from "../submit/marker.js";
import { Refusal } from "./refusal.js";

/** What a form requests. */
export interface CheckedFields {
  /** Texts to forward, except those that the proxy sets. */
  readonly texts: readonly (readonly [name: string, value: string])[];
  /** Number of tasks. */
  readonly count: number;
  /** The marker by which the client finds a create whose response was lost. */
  readonly clientRef: string | undefined;
  /** References to files of other tasks; the owner must own those tasks. */
  readonly references: readonly FileReference[];
  /** Names of file fields that are still to come. */
  readonly filesToCome: ReadonlySet<string>;
  /** Those of them that the form requires. */
  readonly filesNeeded: ReadonlySet<string>;
}

/** Standard parameters that a page may set only to one fixed value. */
const FIXED: Readonly<Record<string, readonly [value: string, why: string]>> = {
  priority: ["0", "The order of the queue"],
  group_scope: ["1", "The group of a task"],
  child_task: ["0", "The parent of a task"],
  surprise_me: ["0", "Prompts of the server's language model"],
  webhook_url: ["", "A webhook"],
};

const REFERENCE_KEYS = new Set(["task_id", "node_id", "input_index"]);

/**
 * @param hasFiles whether files follow the texts
 * @param maxCount most tasks of one create
 * @throws Refusal 422 that says what is wrong with the parameters
 */
export function checkFields(
  flow: FlowShape,
  given: readonly (readonly [name: string, value: string])[],
  hasFiles: boolean,
  maxCount: number,
): CheckedFields {
  const texts: [string, string][] = [];
  const values = new Map<string, unknown>();
  const references: FileReference[] = [];
  let clientRef: string | undefined;
  for (const [name, value] of given) {
    if (Object.hasOwn(FIXED, name)) {
      checkFixed(name, value);
      continue;
    }
    if (name === "webhook_headers") {
      clientRef = clientRefOf(value);
      continue;
    }
    const parameter = flow.parameters.find((each) => each.name === name);
    // At once, because each unknown name is compared with all known ones.
    if (!parameter) throw badParameters(flow, [{ name, value: undefined, rule: "unknown" }]);
    if (parameter.type === "file") {
      const reference = referenceOf(name, value);
      references.push(reference);
      // Serialised again, so that the server reads exactly what was checked.
      texts.push([name, JSON.stringify(reference)]);
      values.set(name, reference);
      continue;
    }
    const typed = typedValue(parameter, value);
    values.set(name, typed);
    // The server reads fewer spellings of a number than the checks: not `1.0` for a whole one.
    texts.push([name, typeof typed === "number" ? String(typed) : value]);
  }
  const isFile = ({ type }: Parameter): boolean => type === "file";
  const files = flow.parameters.filter((each) => isFile(each) && !values.has(each.name));
  const needed = files.filter(({ required }) => required);
  const broken: BrokenRule[] = checkParams(
    flow.parameters.filter((each) => !isFile(each) && !Object.hasOwn(FIXED, each.name)),
    new Map([...values].filter(([name]) => !isFileName(flow, name))),
    () => brokenRule,
  );
  if (!hasFiles)
    for (const parameter of needed)
      broken.push({ name: parameter.name, parameter, value: undefined, rule: "required" });
  if (broken.length > 0) throw badParameters(flow, broken);
  const count = (values.get("count") as number | undefined) ?? 1;
  if (count > maxCount)
    throw new Refusal(422, "not_allowed", `\`count\` may be at most ${maxCount} on this site.`);
  return {
    texts,
    count,
    clientRef,
    references,
    filesToCome: new Set(files.map(({ name }) => name)),
    filesNeeded: new Set(needed.map(({ name }) => name)),
  };
}

function badParameters(flow: FlowShape, broken: readonly BrokenRule[]): Refusal {
  const { problems } = invalidParams(flow, broken, () => undefined);
  return new Refusal(422, "bad_parameter", problems.map(({ hint }) => hint).join(" "));
}

function isFileName({ parameters }: FlowShape, name: string): boolean {
  return parameters.some((each) => each.name === name && each.type === "file");
}

function checkFixed(name: string, value: string): void {
  const [allowed, what] = FIXED[name] as readonly [string, string];
  if (value !== allowed)
    throw new Refusal(
      422,
      "not_allowed",
      `${what} cannot be set on this site: leave out \`${name}\`.`,
    );
}

/** Converts a form text to the type that the checks expect; a text that does not convert fails its check. */
function typedValue(parameter: Parameter, text: string): unknown {
  const { type } = parameter;
  if (type === "boolean") return text === "true" || (text === "false" ? false : text);
  const isNumber =
    type === "number" ||
    type === "integer" ||
    (type === "text" && typeof parameter.default === "number");
  if (isNumber) {
    if (isFlag(parameter) && text !== "0" && text !== "1") return text;
    if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return text;
    const number = Number(text);
    // A fraction beyond the precision of numbers would get lost.
    const lost = Number.isInteger(number) && /\.0*[1-9]/.test(text);
    return type === "integer" && lost ? text : number;
  }
  return text;
}

/** The client's marker, the only thing that a page may put into the webhook headers. */
function clientRefOf(text: string): string | undefined {
  const headers = parsed(text);
  const { [MARKER_HEADER]: ref, ...others } = isObject(headers) ? headers : { other: true };
  if (Object.keys(others).length > 0)
    throw new Refusal(
      422,
      "not_allowed",
      "A webhook cannot be set on this site: leave out `webhook_headers`.",
    );
  if (ref === undefined) return undefined;
  if (typeof ref !== "string" || !/^[\w.-]{1,100}$/.test(ref))
    throw new Refusal(422, "not_allowed", `\`${MARKER_HEADER}\` was not set by this client.`);
  return ref;
}

/** @throws Refusal 422 for anything but a plain reference to a task's file */
function referenceOf(name: string, text: string): FileReference {
  const value = parsed(text);
  if (isObject(value) && "remote_url" in value)
    throw new Refusal(
      422,
      "not_allowed",
      `\`${name}\` cannot be an address that the server fetches: send the file.`,
    );
  const { task_id, node_id, input_index } = isObject(value) ? value : {};
  const isReference =
    isObject(value) &&
    Object.keys(value).every((key) => REFERENCE_KEYS.has(key)) &&
    isWhole(task_id, 1) &&
    (node_id === undefined) !== (input_index === undefined) &&
    isWhole(node_id ?? input_index, 0);
  if (!isReference)
    throw new Refusal(
      422,
      "bad_parameter",
      `\`${name}\` must be a file, or a reference with task_id and either node_id or input_index.`,
    );
  return node_id === undefined
    ? { task_id: task_id as number, input_index: input_index as number }
    : { task_id: task_id as number, node_id: node_id as number };
}

function isWhole(value: unknown, min: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads flows out of an OpenAPI description: a published one, a server's own, or a canonical snapshot. */
import {
  type Flow,
  type FlowInput,
  type FlowOutput,
  type InputKind,
  STANDARD_NAMES,
  titleOf,
} from "./flow.js";

/** Says in one sentence what is wrong with a description. */
export class DescriptionError extends Error {
  override readonly name = "DescriptionError";
}

type Json = Record<string, unknown>;

const CREATE_PATH = /^\/vapi\/tasks\/create\/([^/{}]+)$/;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function child(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Follows local `$ref`s; a reference that points nowhere is an error of the description. */
function resolve(document: Json, value: unknown): unknown {
  let current = value;
  for (let hops = 0; hops < 32; hops += 1) {
    const ref = child(current, "$ref");
    if (typeof ref !== "string") return current;
    if (!ref.startsWith("#/")) {
      throw new DescriptionError(
        `the description refers to ${JSON.stringify(ref)}, outside of itself`,
      );
    }
    current = ref
      .slice(2)
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>(child, document);
    if (current === undefined) {
      throw new DescriptionError(
        `the description refers to ${JSON.stringify(ref)}, which it lacks`,
      );
    }
  }
  throw new DescriptionError("the description has a $ref that leads to itself");
}

/** Both spellings of a binary field, `format: binary` and `contentMediaType`, with the text alternative. */
function isFile(schema: Json): boolean {
  const alternatives = [
    schema,
    ...(Array.isArray(schema["anyOf"]) ? (schema["anyOf"] as unknown[]) : []),
  ];
  return alternatives.some(
    (one) =>
      child(one, "format") === "binary" ||
      child(one, "contentMediaType") === "application/octet-stream",
  );
}

function kindOf(schema: Json): InputKind {
  if (isFile(schema)) return "file";
  if (Array.isArray(schema["enum"])) return "list";
  if (schema["type"] === "boolean") return "bool";
  if (schema["type"] === "number" || schema["type"] === "integer") return "range";
  if (typeof schema["default"] === "number") return "range_scale";
  return "text";
}

function readInput(document: Json, name: string, raw: unknown, required: boolean): FlowInput {
  const schema = resolve(document, raw);
  if (!isObject(schema)) {
    throw new DescriptionError(`the parameter ${JSON.stringify(name)} has no schema`);
  }
  const kind = kindOf(schema);
  const number = (key: string): number | undefined => {
    const value = schema[key];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const fallback = schema["default"];
  const choices = schema["enum"];
  const min = number("minimum");
  const max = number("maximum");
  const step = number("multipleOf");
  const media = schema["contentMediaType"];
  return {
    name,
    label: typeof schema["description"] === "string" ? schema["description"] : titleOf(name),
    kind,
    required,
    ...(typeof fallback === "string" ||
    typeof fallback === "number" ||
    typeof fallback === "boolean"
      ? { default: fallback }
      : {}),
    ...(kind === "list" && Array.isArray(choices) ? { choices: choices.map(String) } : {}),
    ...(kind === "range" && min !== undefined ? { min } : {}),
    ...(kind === "range" && max !== undefined ? { max } : {}),
    ...(kind === "range" && step !== undefined ? { step } : {}),
    ...(kind === "file"
      ? { media: typeof media === "string" && media.includes("/*") ? media : "image/*" }
      : {}),
  };
}

/**
 * No description names output nodes. The public flows' are known; for any other flow the stand-in
 * makes one file of the kind that the flow's name suggests.
 */
function guessOutputs(id: string): readonly FlowOutput[] {
  const type = /video|txt2vid|img2vid/.test(id)
    ? "video"
    : /audio|music|speech|tts/.test(id)
      ? "audio"
      : /3d|mesh/.test(id)
        ? "3d-model"
        : /caption|describe|ask_|_text\b/.test(id)
          ? "text"
          : "image";
  return [{ node: 9, type }];
}

function readFlow(document: Json, id: string, path: unknown, outputs: OutputTable): Flow {
  const body = resolve(document, child(child(path, "put"), "requestBody"));
  const content = child(body, "content");
  const media =
    child(content, "multipart/form-data") ?? Object.values(isObject(content) ? content : {})[0];
  const schema = resolve(document, child(media, "schema"));
  const properties = child(schema, "properties");
  if (!isObject(properties)) {
    throw new DescriptionError(`the flow ${JSON.stringify(id)} has no form in the description`);
  }
  const required = child(schema, "required");
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  return {
    id,
    inputs: Object.entries(properties)
      .filter(([name]) => !STANDARD_NAMES.has(name))
      .map(([name, raw]) => readInput(document, name, raw, isRequired(name))),
    outputs: outputs.get(id) ?? guessOutputs(id),
    seed: Object.hasOwn(properties, "seed"),
    count: Object.hasOwn(properties, "count"),
    translate: Object.hasOwn(properties, "translate"),
  };
}

/** Output nodes by flow id. */
export type OutputTable = ReadonlyMap<string, readonly FlowOutput[]>;

/**
 * The flows of an OpenAPI document, in its order. Paths other than create paths are passed over.
 *
 * @throws DescriptionError if it is not an OpenAPI document, has no flow, or cannot be followed
 */
export function readDescription(document: unknown, outputs: OutputTable): Flow[] {
  const paths = child(document, "paths");
  if (!isObject(document) || !isObject(paths)) {
    throw new DescriptionError("this is not an OpenAPI document: it has no paths");
  }
  const flows: Flow[] = [];
  for (const [path, item] of Object.entries(paths)) {
    const match = CREATE_PATH.exec(path);
    if (match?.[1] === undefined || child(item, "put") === undefined) continue;
    flows.push(readFlow(document, match[1].toLowerCase(), item, outputs));
  }
  if (flows.length === 0) {
    throw new DescriptionError(
      "the description has no flow: no path of the form /vapi/tasks/create/{flow} with a put",
    );
  }
  return flows;
}

/** Reads flows out of an OpenAPI description: a published one, a server's own, or a canonical snapshot. */
import { type Flow, floatsOf, flowFrom, STANDARD_NAMES, titleOf } from "./flow.js";
import type { FlowOutput, ListedFlow, ListedInput, ListedType } from "./listed.js";

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
        `the description refers to ${JSON.stringify(ref)}, which is outside the document`,
      );
    }
    current = ref
      .slice(2)
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>(child, document);
    if (current === undefined) {
      throw new DescriptionError(
        `the description refers to ${JSON.stringify(ref)}, which does not exist`,
      );
    }
  }
  throw new DescriptionError("the description has a $ref that refers to itself");
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

function typeOf(name: string, schema: Json): ListedType {
  if (isFile(schema)) {
    if (schema["contentMediaType"] === "video/*") return "video";
    // Only their names tell masks from images.
    return name.startsWith("mask_") ? "image-mask" : "image";
  }
  if (Array.isArray(schema["enum"])) return "list";
  if (schema["type"] === "boolean") return "bool";
  if (schema["type"] === "number" || schema["type"] === "integer") return "range";
  return typeof schema["default"] === "number" ? "range_scale" : "text";
}

const FILE_TYPES: readonly ListedType[] = ["image", "image-mask", "video"];

/** Path to a value in its node. */
const PATHS: Readonly<Record<ListedType, string>> = {
  text: "text",
  list: "default_value",
  bool: "state",
  range: "value",
  range_scale: "value",
  image: "image",
  "image-mask": "image",
  video: "file",
};

function defaultOf(type: ListedType, value: unknown): ListedInput["default"] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return type === "range" || type === "range_scale" || type === "bool" ? null : "";
}

/** Whether a create may leave the input out, as far as the schema shows. */
function isOptional(type: ListedType, required: boolean, hasDefault: boolean): boolean {
  // The default of a file is a sample left in its node; the file is still required.
  return !required && !(hasDefault && FILE_TYPES.includes(type));
}

interface InputPlace {
  readonly required: boolean;
  readonly order: number;
  readonly node: number;
  readonly translates: boolean;
  /** The first image of the flow. */
  readonly source: string | undefined;
}

function readInput(document: Json, name: string, raw: unknown, place: InputPlace): ListedInput {
  const schema = resolve(document, raw);
  if (!isObject(schema)) {
    throw new DescriptionError(`the parameter ${JSON.stringify(name)} has no schema`);
  }
  const type = typeOf(name, schema);
  const number = (key: string): number | undefined => {
    const value = schema[key];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const fallback = defaultOf(type, schema["default"]);
  const choices = schema["enum"];
  const [min, max, step] = [number("minimum"), number("maximum"), number("multipleOf")];
  const hasSource = type === "image-mask" || type === "range_scale";
  return {
    name,
    display_name: typeof schema["description"] === "string" ? schema["description"] : titleOf(name),
    optional: isOptional(type, place.required, fallback !== null && fallback !== ""),
    advanced: false,
    order: place.order,
    hidden: false,
    translatable: place.translates && type === "text",
    type,
    default: place.required ? defaultOf(type, undefined) : fallback,
    comfy_node_id: { [String(place.node)]: ["inputs", PATHS[type]] },
    ...(type === "list" && Array.isArray(choices)
      ? { options: Object.fromEntries(choices.map((choice) => [String(choice), String(choice)])) }
      : {}),
    ...(type === "range" && min !== undefined ? { min } : {}),
    ...(type === "range" && max !== undefined ? { max } : {}),
    ...(type === "range" && step !== undefined ? { step } : {}),
    ...(type === "range_scale" ? { min: 1, max: 4, step: 0.1 } : {}),
    ...(hasSource && place.source !== undefined ? { source_input_name: place.source } : {}),
  };
}

const sameKeys = (a: object = {}, b: object = {}): boolean =>
  Object.keys(a).join("\0") === Object.keys(b).join("\0");

/** Facts of a public flow's input apply to an input of the same name and kind in a description. */
function withKnown(input: ListedInput, known: ListedInput | undefined): ListedInput {
  if (known === undefined) return input;
  const isFileBoth = FILE_TYPES.includes(input.type) && FILE_TYPES.includes(known.type);
  if (known.type !== input.type && !isFileBoth) return input;
  const hasDefault = input.default !== "" && input.default !== null;
  return {
    ...known,
    ...input,
    // With a default, the description does not show whether the input is optional; the listing does.
    optional: hasDefault ? known.optional : input.optional,
    advanced: known.advanced,
    order: known.order,
    hidden: known.hidden,
    translatable: known.translatable,
    type: known.type,
    comfy_node_id: known.comfy_node_id,
    ...(known.type === "range_scale" ? { min: known.min, max: known.max, step: known.step } : {}),
    ...(known.source_input_name === undefined
      ? {}
      : { source_input_name: known.source_input_name }),
    ...(known.options !== undefined && sameKeys(known.options, input.options)
      ? { options: known.options }
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

/** Ids for the nodes of a flow's inputs, none of which an output has. */
function inputNodes(count: number, outputs: readonly FlowOutput[]): number[] {
  const taken = new Set(outputs.map(({ node }) => node));
  const ids: number[] = [];
  for (let id = 1; ids.length < count; id += 1) if (!taken.has(id)) ids.push(id);
  return ids;
}

function readFlow(document: Json, id: string, path: unknown, known: Flow | undefined): Flow {
  const body = resolve(document, child(child(path, "put"), "requestBody"));
  const content = child(body, "content");
  const media =
    child(content, "multipart/form-data") ?? Object.values(isObject(content) ? content : {})[0];
  const schema = resolve(document, child(media, "schema"));
  const properties = child(schema, "properties");
  if (!isObject(properties)) {
    throw new DescriptionError(
      `the flow ${JSON.stringify(id)} has no form schema in the description`,
    );
  }
  const required = child(schema, "required");
  const own = Object.entries(properties).filter(([name]) => !STANDARD_NAMES.has(name));
  const outputs = known?.outputs ?? guessOutputs(id);
  const nodes = inputNodes(own.length, outputs);
  const translates = Object.hasOwn(properties, "translate");
  const source = own.find(([name, raw]) => {
    const input = resolve(document, raw);
    return isObject(input) && isFile(input) && !name.startsWith("mask_");
  })?.[0];
  const inputs = own.map(([name, raw], index) => {
    const place: InputPlace = {
      required: Array.isArray(required) && required.includes(name),
      order: index + 1,
      node: nodes[index] ?? 0,
      translates,
      source,
    };
    const input = readInput(document, name, raw, place);
    return withKnown(
      input,
      known?.listed.input_params.find((one) => one.name === name),
    );
  });
  const counts = Object.hasOwn(properties, "count");
  const listed: ListedFlow = {
    ...(known?.listed ?? PRIVATE),
    name: id,
    display_name: known?.listed.display_name ?? titleOf(id),
    input_params: inputs,
    is_seed_supported: Object.hasOwn(properties, "seed"),
    is_count_supported: counts,
    is_translations_supported: translates,
    is_surprise_me_supported:
      known?.listed.is_surprise_me_supported ?? (counts && own.some(([name]) => name === "prompt")),
  };
  return flowFrom(listed, outputs, known && floatsOf(known));
}

/** The fields of a flow of which only a description is known. */
const PRIVATE: Omit<ListedFlow, "name" | "display_name" | "input_params"> = {
  author: "",
  tags: [],
  sub_flows: [],
  models: [],
  version: "1.0.0",
  requires: [],
  private: true,
  hidden: false,
  is_seed_supported: false,
  is_count_supported: false,
  is_translations_supported: false,
  is_macos_supported: true,
  required_memory_gb: 0,
  lora_connect_points: {},
  is_surprise_me_supported: false,
  remote_vae: false,
  documented: false,
};

/**
 * The flows of an OpenAPI document, in its order. Paths other than create paths are ignored.
 *
 * @param known public flows; facts that the description lacks are taken from them
 * @throws DescriptionError if it is not a valid OpenAPI document with at least one flow
 */
export function readDescription(document: unknown, known: ReadonlyMap<string, Flow>): Flow[] {
  const paths = child(document, "paths");
  if (!isObject(document) || !isObject(paths)) {
    throw new DescriptionError("this is not an OpenAPI document: it has no paths");
  }
  const flows: Flow[] = [];
  for (const [path, item] of Object.entries(paths)) {
    const match = CREATE_PATH.exec(path);
    if (match?.[1] === undefined || child(item, "put") === undefined) continue;
    const id = match[1].toLowerCase();
    flows.push(readFlow(document, id, item, known.get(id)));
  }
  if (flows.length === 0) {
    throw new DescriptionError(
      "the description has no flow: no path of the form /vapi/tasks/create/{flow} with a put",
    );
  }
  return flows;
}

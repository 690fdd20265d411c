/** Reads a description into a flow model. Pure: the same text gives the same model or the same error. */
import { CodegenError } from "../errors.js";
import { nearest } from "./nearest.js";
import { parseJson } from "../json/parse.js";
import { Place } from "../json/pointer.js";
import { isObject, preview, quote, type Json } from "../json/value.js";
import { FACTS_KEY, readFlowFacts } from "./facts.js";
import { byCodeUnit, type FlowModel, type Model, type ParameterModel } from "./flow.js";
import { takeEach, type LeaveOut } from "./left-out.js";
import { checkReferences, resolve } from "./reference.js";
import { readParameter } from "./schema.js";
import { STANDARD_NAMES } from "./standard.js";
import { readText, unknownShape } from "./text.js";

/** Path prefix of flows; the flow id follows. */
export const CREATE_PREFIX = "/vapi/tasks/create/";

/** Which flows to read. */
export interface ReadOptions {
  /** Only these flows; the others are not read at all. */
  readonly only?: readonly string[] | undefined;
  /** Called with each unreadable flow; without it, the first one is an error. */
  readonly leaveOut?: LeaveOut | undefined;
}

/** Reads a description from text. */
export function readDescription(text: string, options?: ReadOptions): Model {
  return readModel(parseJson(text.startsWith("\ufeff") ? text.slice(1) : text), options);
}

/** Reads all flows of a parsed description; other endpoints are ignored. */
export function readModel(document: Json, { only, leaveOut }: ReadOptions = {}): Model {
  const root = new Place(document);
  const version = root.at("openapi");
  if (typeof version.value !== "string" || !/^3\.\d+/.test(version.value)) {
    throw new CodegenError("not_openapi", "The document is not an OpenAPI 3 description.", {
      pointer: version.pointer,
      value: preview(version.value ?? document),
      hint: "Give a server's base URL, or the address of a description of flows.",
    });
  }
  const paths = root.at("paths");
  if (!isObject(paths.value)) {
    throw new CodegenError("not_openapi", "The description has no paths.", {
      pointer: paths.pointer,
      value: preview(paths.value),
      hint: "Give a server's base URL, or the address of a description of flows.",
    });
  }
  // `{name}` is the server's general endpoint, not a flow.
  const ids = [...paths.value.keys()]
    .filter((path) => path.startsWith(CREATE_PREFIX) && path !== `${CREATE_PREFIX}{name}`)
    .map((path) => path.slice(CREATE_PREFIX.length));
  if (ids.length === 0 && (only === undefined || isBuiltIn(root))) throw noFlows(root);
  refuseUnknown(ids, only ?? []);
  const wanted = ids
    .filter((id) => only === undefined || only.includes(id))
    .sort(byCodeUnit)
    .map((id) => ({ id, place: paths.at(CREATE_PREFIX + id) }));
  return { flows: takeEach(wanted, ({ id, place }) => readFlow(root, place, id), leaveOut) };
}

function readFlow(root: Place, place: Place, id: string): FlowModel {
  checkId(place, id);
  checkReferences(root, place);
  const put = child(root, resolve(root, place), "put");
  const content = child(root, child(root, put, "requestBody"), "content");
  const schema = child(root, child(root, content, "multipart/form-data"), "schema");
  return {
    id,
    ...readFlowFacts(schema.at(FACTS_KEY)),
    parameters: readParameters(root, schema),
  };
}

function readParameters(root: Place, schema: Place): ParameterModel[] {
  const form = schema.value as ReadonlyMap<string, Json>;
  if (form.get("type") !== "object") {
    throw unknownShape(schema.at("type"), "The form of a flow is not an object.");
  }
  for (const key of form.keys()) {
    const isKnown = ["type", "properties", "required", "title", "description"].includes(key);
    const isOpen = key === "additionalProperties" && typeof form.get(key) === "boolean";
    if (!isKnown && !isOpen && !key.startsWith("x-")) {
      throw unknownShape(schema.at(key), "The form of a flow has a keyword that is not supported.");
    }
  }
  const properties = schema.at("properties");
  if (!form.has("properties")) return [];
  if (!isObject(properties.value)) {
    throw unknownShape(properties, "The properties of a flow's form are not an object.");
  }
  const required = readRequired(schema.at("required"), properties.value);
  const parameters = [...properties.value.keys()].map((name) => {
    const property = properties.at(name);
    readText(new Place(name, properties, name));
    return readParameter(root, property, name, required.has(name));
  });
  return orderParameters(parameters);
}

/** The server lists its own parameters first; the rest keeps the author's order. */
function orderParameters(parameters: readonly ParameterModel[]): ParameterModel[] {
  const standard = STANDARD_NAMES.flatMap(
    (name) => parameters.find((parameter) => parameter.name === name) ?? [],
  );
  return [...standard, ...parameters.filter(({ name }) => !STANDARD_NAMES.includes(name))];
}

function readRequired(place: Place, properties: ReadonlyMap<string, Json>): Set<string> {
  const { value } = place;
  if (value === undefined) return new Set();
  if (!Array.isArray(value))
    throw unknownShape(place, "The list of required parameters is not a list.");
  return new Set(
    value.map((name, index) => {
      if (typeof name === "string" && properties.has(name)) return name;
      throw unknownShape(
        place.at(index),
        "The list of required parameters has one that is not in the form.",
      );
    }),
  );
}

/** The object below `key`, with its `$ref` resolved. */
function child(root: Place, place: Place, key: string): Place {
  const found = resolve(root, place.at(key));
  if (isObject(found.value)) return found;
  throw unknownShape(found, `The endpoint of a flow has no ${quote(key)}.`);
}

/** An id becomes part of an address, so ids that an address cannot carry are rejected here. */
function checkId(place: Place, id: string): void {
  readText(new Place(id, undefined, ""));
  if (id !== "" && id !== "." && id !== ".." && !/[/\\{}]/.test(id)) return;
  throw new CodegenError("flow_id_invalid", `The flow id ${quote(id)} cannot be part of a URL.`, {
    pointer: place.pointer,
    value: quote(id),
    hint: "Rename the flow on the server.",
  });
}

function refuseUnknown(ids: readonly string[], only: readonly string[]): void {
  const missing = only.filter((id) => !ids.includes(id));
  if (missing.length === 0) return;
  const near = missing.flatMap((name) => nearest(name, ids) ?? []);
  throw new CodegenError(
    "flow_unknown",
    `Not in the description: ${missing.map(quote).join(", ")}.`,
    {
      value: `${ids.length} flows`,
      hint:
        near.length > 0
          ? `Did you mean ${near.map(quote).join(", ")}?`
          : "Write ids as the server does, in lower case. Is the flow installed?",
    },
  );
}

function noFlows(root: Place): CodegenError {
  return new CodegenError("no_flows", "The description has no flows.", {
    pointer: root.at("paths").pointer,
    value: `${String((root.at("paths").value as ReadonlyMap<string, Json>).size)} other paths`,
    hint: isBuiltIn(root)
      ? "This is the server's /openapi.json, which has no flows; give the server's base URL instead."
      : "Install a flow on the server, or check the names given with --flows.",
  });
}

/** Whether a document is the one that the server's framework generates, at `/openapi.json`. */
function isBuiltIn(root: Place): boolean {
  return root.at("info").at("title").value === "FastAPI";
}

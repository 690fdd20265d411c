/** How API descriptions show the endpoints that every server has, oddities included. */
import type { Endpoint } from "./faults/fault.js";
import { titleOf } from "./flows/flow.js";
import type { QueryDoc, Route } from "./http/route.js";

type Json = Record<string, unknown>;

const REF = "#/components/schemas/";

export function reference(name: string): Json {
  return { $ref: `${REF}${name}` };
}

export function content(mediaType: string, schema: Json): Json {
  return { content: { [mediaType]: { schema } } };
}

export const RESPONSES = {
  422: {
    description: "Validation Error",
    ...content("application/json", reference("HTTPValidationError")),
  },
};

function parameter(doc: QueryDoc, place: "query" | "path"): Json {
  const { name, type } = doc;
  const schema = {
    type,
    title: titleOf(name),
    ...("default" in doc ? { default: doc.default } : {}),
  };
  return { name, in: place, required: place === "path" || !("default" in doc), schema };
}

/** The real server declares these as plain forms, although files need multipart. */
const FORMS: readonly Endpoint[] = ["create", "create-sync", "upload-results"];
const FILES: readonly Endpoint[] = ["results", "inputs"];

/** The real server does not declare ZIP files, and declares all other files as JSON or bytes. */
function success({ endpoint }: Route): Json {
  const description = "Successful Response";
  if (endpoint === "create-sync") return { description };
  const { content: json } = content("application/json", {}) as { content: Json };
  const bytes = FILES.includes(endpoint) ? { "application/octet-stream": {} } : {};
  return { description, content: { ...json, ...bytes } };
}

function operation(route: Route): Json {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) =>
    parameter({ name, type: name === "task_id" ? "integer" : "string" }, "path"),
  );
  const inQuery = (route.doc?.query ?? []).map((doc) => parameter(doc, "query"));
  return {
    tags: [route.path.split("/")[2] ?? "other"],
    summary: route.doc?.summary ?? "",
    operationId: `${route.method.toLowerCase()}${route.path.replace(/\W+/g, "_")}`,
    ...(inPath.length + inQuery.length > 0 ? { parameters: [...inPath, ...inQuery] } : {}),
    ...(FORMS.includes(route.endpoint)
      ? { requestBody: content("application/x-www-form-urlencoded", { type: "object" }) }
      : {}),
    responses: { 200: success(route), ...RESPONSES },
  };
}

export function basePaths(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    if (route.doc === undefined) continue;
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  }
  return paths;
}

export const BASE_SCHEMAS: Json = {
  HTTPValidationError: {
    properties: {
      detail: { items: reference("ValidationError"), type: "array", title: "Detail" },
    },
    type: "object",
    title: "HTTPValidationError",
  },
  TaskDetailsOutput: {
    properties: {
      comfy_node_id: {
        type: "integer",
        title: "Comfy Node Id",
        description: "Node that makes the files.",
      },
      type: { type: "string", title: "Type", description: "What kind of files." },
      file_size: {
        type: "integer",
        title: "File Size",
        description: "Bytes of all files.",
        default: -1,
      },
      batch_size: {
        type: "integer",
        title: "Batch Size",
        description: "Number of files.",
        default: -1,
      },
    },
    type: "object",
    required: ["comfy_node_id", "type"],
    title: "TaskDetailsOutput",
  },
  TaskRunResults: {
    properties: {
      tasks_ids: {
        items: { type: "integer" },
        type: "array",
        title: "Tasks Ids",
        description: "New tasks.",
      },
      outputs: {
        items: reference("TaskDetailsOutput"),
        type: "array",
        title: "Outputs",
        description: "Outputs of each of them.",
      },
    },
    type: "object",
    required: ["tasks_ids", "outputs"],
    title: "TaskRunResults",
  },
  ValidationError: {
    properties: {
      loc: {
        items: { anyOf: [{ type: "string" }, { type: "integer" }] },
        type: "array",
        title: "Location",
      },
      msg: { type: "string", title: "Message" },
      type: { type: "string", title: "Error Type" },
      input: { title: "Input" },
      ctx: { type: "object", title: "Context" },
    },
    type: "object",
    required: ["loc", "msg", "type"],
    title: "ValidationError",
  },
};

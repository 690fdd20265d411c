/** The stand-in's own API descriptions, in the real server's two forms. */
import { type BinarySpelling, SERVER_VERSION } from "./app.js";
import { type Flow, type FlowInput, titleOf } from "./flows/flow.js";
import type { Route } from "./http/route.js";
import { BASE_SCHEMAS, basePaths, content, reference, RESPONSES } from "./openapi-base.js";

type Json = Record<string, unknown>;

/** The standard properties, in the order in which the server puts them before a flow's own. */
function standardProperties(flow: Flow): Json {
  const integer = (title: string, description: string, rest: Json): Json => ({
    type: "integer",
    ...rest,
    title,
    description,
  });
  const text = (title: string, description: string): Json => ({
    type: "string",
    title,
    description,
    default: "",
  });
  return {
    group_scope: integer("Group Scope", "Group of the task; a higher one runs first.", {
      maximum: 255.0,
      minimum: 1.0,
      default: 1,
    }),
    priority: integer("Priority", "Place in the queue within the group; higher runs first.", {
      maximum: 15.0,
      minimum: 0.0,
      default: 0,
    }),
    child_task: integer(
      "Child Task",
      "1 makes the task a child of the one its first file is from.",
      {
        default: 0,
      },
    ),
    webhook_url: text("Webhook Url", "Address that is told of progress."),
    webhook_headers: text("Webhook Headers", "Headers for that address, as a JSON object."),
    ...(flow.listed.is_seed_supported
      ? { seed: integer("Seed", "Start of the random numbers.", { default: 1 }) }
      : {}),
    ...(flow.listed.is_count_supported
      ? { count: integer("Count", "How many tasks to create.", { minimum: 1.0, default: 1 }) }
      : {}),
    ...(flow.listed.is_translations_supported
      ? {
          translate: integer("Translate", "1 asks for a translation of the texts.", { default: 0 }),
        }
      : {}),
  };
}

function inputSchema(input: FlowInput, binary: BinarySpelling): Json {
  const { min, max, step } = input.listed;
  const tail = {
    title: titleOf(input.name),
    description: input.listed.display_name,
    ...(input.default === undefined ? {} : { default: input.default }),
  };
  switch (input.kind) {
    case "file": {
      const bytes =
        binary === "format"
          ? { type: "string", format: "binary" }
          : { type: "string", contentMediaType: "application/octet-stream" };
      return {
        anyOf: [bytes, { type: "string" }],
        contentMediaType: input.media ?? "image/*",
        ...tail,
      };
    }
    case "list":
      return { type: "string", enum: input.choices ?? [], ...tail };
    case "bool":
      return { type: "boolean", ...tail };
    case "range":
      return {
        type: "number",
        ...(step === undefined ? {} : { multipleOf: step }),
        ...(max === undefined ? {} : { maximum: max }),
        ...(min === undefined ? {} : { minimum: min }),
        ...tail,
      };
    default:
      return { type: "string", ...tail };
  }
}

function flowSchema(flow: Flow, binary: BinarySpelling): Json {
  const own = flow.inputs.map((input) => [input.name, inputSchema(input, binary)] as const);
  const required = flow.inputs.filter((input) => input.required).map((input) => input.name);
  return {
    properties: { ...standardProperties(flow), ...Object.fromEntries(own) },
    type: "object",
    ...(required.length === 0 ? {} : { required }),
    title: `TaskRun_${flow.id}`,
  };
}

function flowPath(flow: Flow): Json {
  return {
    put: {
      tags: ["integrations"],
      summary: `Run ${titleOf(flow.id)}`,
      operationId: `run_${flow.id}`,
      requestBody: {
        ...content("multipart/form-data", reference(`TaskRun_${flow.id}`)),
        required: true,
      },
      responses: {
        200: {
          description: "Successful Response",
          ...content("application/json", reference("TaskRunResults")),
        },
        ...RESPONSES,
      },
    },
  };
}

function pathsAndSchemas(
  flows: readonly Flow[],
  routes: readonly Route[],
  binary: BinarySpelling,
): Json {
  const schemas = Object.fromEntries(
    flows.map((flow) => [`TaskRun_${flow.id}`, flowSchema(flow, binary)]),
  );
  const all = Object.entries({ ...BASE_SCHEMAS, ...schemas }).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    paths: {
      ...basePaths(routes),
      ...Object.fromEntries(flows.map((flow) => [`/vapi/tasks/create/${flow.id}`, flowPath(flow)])),
    },
    components: { schemas: Object.fromEntries(all) },
  };
}

/** Limits are floats on the wire, even for integers. */
function withFloatLimits(text: string): string {
  return text.replace(/"(minimum|maximum|multipleOf)":(-?\d+)(?=[,}])/g, '"$1":$2.0');
}

/**
 * `/openapi/flows.json`: base endpoints and the chosen flows, with a server address that is usually wrong.
 */
export function describeFlows(
  flows: readonly Flow[],
  routes: readonly Route[],
  binary: BinarySpelling,
): string {
  return withFloatLimits(
    JSON.stringify({
      openapi: "3.1.0",
      info: { title: "visionatrix", version: SERVER_VERSION },
      servers: [
        { url: "http://localhost:8288", description: "Address written into every description" },
      ],
      ...pathsAndSchemas(flows, routes, binary),
    }),
  );
}

/** `/openapi.json`: the description that the framework makes by default. */
export function describeFramework(
  flows: readonly Flow[],
  routes: readonly Route[],
  binary: BinarySpelling,
): string {
  return withFloatLimits(
    JSON.stringify({
      openapi: "3.1.0",
      info: { title: "FastAPI", version: "0.1.0" },
      ...pathsAndSchemas(flows, routes, binary),
    }),
  );
}

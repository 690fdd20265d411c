/** Descriptions as servers write them: our snapshot, with the parts around it that vary. */
import { readFileSync } from "node:fs";
import {
  readDescription,
  writeCanonical,
  type FlowModel,
  type Model,
  type ParameterModel,
} from "visionatrix-codegen";

/** The committed snapshot. */
export const SNAPSHOT = readFileSync("specs/flows.openapi.json", "utf8");

/** Its model. */
export const PUBLIC_FLOWS: Model = readDescription(SNAPSHOT);

/** The same flows, with only the facts that a description has. */
const DESCRIBED_FLOWS: Model = {
  flows: PUBLIC_FLOWS.flows.map(({ id, parameters }) => ({
    id,
    parameters: parameters.map((parameter) => {
      const flags = ["advanced", "hidden", "translatable"];
      const facts = Object.entries(parameter).filter(([key]) => !flags.includes(key));
      return Object.fromEntries(facts) as unknown as ParameterModel;
    }),
  })),
};

/** Their snapshot. */
export const DESCRIBED = writeCanonical(DESCRIBED_FLOWS);

/** How a server spells its description. */
export interface Spelling {
  readonly binary?: "format" | "contentMediaType";
  /** Changes the order of paths, components and keys; parameters stay in their order. */
  readonly shuffle?: (keys: string[]) => string[];
  readonly baseEndpoints?: boolean;
  readonly version?: string;
  readonly server?: string;
  readonly openapi?: string;
  /** Also writes the facts that only a snapshot has. */
  readonly facts?: boolean;
}

/** A description as a server writes it. */
export function serverDocument(model: Model, spelling: Spelling = {}): string {
  const { version = "2.6.1.dev0", server = "http://localhost:8288", openapi = "3.1.0" } = spelling;
  const paths = Object.fromEntries(
    model.flows.map(({ id }) => [`/vapi/tasks/create/${id}`, path(id, version)]),
  );
  const schemas = Object.fromEntries(
    model.flows.map((flow) => [`TaskRun_${flow.id}`, schema(flow, spelling)]),
  );
  return write(
    {
      openapi,
      info: { title: "visionatrix", version },
      paths: { ...paths, ...(spelling.baseEndpoints ? BASE_PATHS : {}) },
      components: {
        schemas: {
          ...schemas,
          TaskRunResults: {
            type: "object",
            properties: { tasks_ids: { type: "array", items: { type: "integer" } } },
          },
          HTTPValidationError: { type: "object" },
        },
      },
      servers: [{ url: server, description: "Where this server runs" }],
    },
    spelling.shuffle ?? ((keys) => keys),
  );
}

const BASE_PATHS = {
  "/vapi/other/whoami": {
    get: { operationId: "get", responses: { 200: { description: "Fine" } } },
  },
  "/vapi/tasks/create/{name}": {
    put: { operationId: "create", parameters: [{ name: "name", in: "path", required: true }] },
  },
  "/vapi/tasks/create-sync/{name}": { put: { operationId: "sync" } },
};

function path(id: string, tag: string): object {
  return {
    put: {
      tags: ["integrations", tag],
      summary: `Run ${id}`,
      operationId: `run_${id}`,
      requestBody: {
        content: {
          "multipart/form-data": {
            schema: { $ref: `#/components/schemas/TaskRun_${pointer(id)}` },
          },
        },
        required: true,
      },
      responses: {
        200: {
          description: "Successful",
          content: {
            "application/json": { schema: { $ref: "#/components/schemas/TaskRunResults" } },
          },
        },
        422: {
          description: "Not valid",
          content: {
            "application/json": { schema: { $ref: "#/components/schemas/HTTPValidationError" } },
          },
        },
      },
    },
  };
}

function pointer(id: string): string {
  return encodeURIComponent(id.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function schema({ id, parameters, ...facts }: FlowModel, spelling: Spelling): object {
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    properties: new Ordered(
      parameters.map((parameter) => [parameter.name, property(parameter, spelling)]),
    ),
    type: "object",
    ...(required.length > 0 ? { required } : {}),
    title: `TaskRun_${id}`,
    ...(spelling.facts ? { "x-visionatrix": facts } : {}),
  };
}

function property(
  parameter: ParameterModel,
  { binary = "format", facts = false }: Spelling,
): object {
  const { name, kind, label, choices, min, max, step, accept } = parameter;
  const { advanced, hidden, translatable } = parameter;
  const bytes =
    binary === "format"
      ? { type: "string", format: "binary" }
      : { type: "string", contentMediaType: "application/octet-stream" };
  const type = kind === "text" || kind === "choice" ? "string" : kind;
  return {
    ...(kind === "file" ? { anyOf: [bytes, { type: "string" }] } : { type }),
    ...(accept === undefined ? {} : { contentMediaType: accept }),
    ...(choices === undefined ? {} : { enum: choices }),
    ...(step === undefined ? {} : { multipleOf: new Float(step) }),
    ...(max === undefined ? {} : { maximum: new Float(max) }),
    ...(min === undefined ? {} : { minimum: new Float(min) }),
    title: name.replaceAll("_", " "),
    description: parameter.standard ? "What this server says about its own parameter." : label,
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
    ...(facts ? { "x-visionatrix": { advanced, hidden, translatable } } : {}),
  };
}

/** A number that servers write with a fraction: `1.0`. */
class Float {
  readonly text: string;
  constructor(value: number) {
    this.text = Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
  }
}

/** An object whose key order matters. */
class Ordered {
  readonly members: readonly (readonly [string, unknown])[];
  constructor(members: readonly (readonly [string, unknown])[]) {
    this.members = members;
  }
}

function write(value: unknown, shuffle: (keys: string[]) => string[]): string {
  if (value instanceof Float) return value.text;
  if (value instanceof Ordered) {
    return `{${value.members.map(([key, item]) => `${JSON.stringify(key)}: ${write(item, shuffle)}`).join(", ")}}`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, shuffle)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const object = value as Record<string, unknown>;
    const present = Object.keys(object).filter((key) => object[key] !== undefined);
    const members = shuffle(present).map(
      (key) => `${JSON.stringify(key)}: ${write(object[key], shuffle)}`,
    );
    return `{${members.join(",\n")}}`;
  }
  return JSON.stringify(value);
}

/** A description of one flow whose form has these properties, as JSON text. */
export function oneFlow(
  properties: object,
  { id = "my_flow", required, form = {} }: { id?: string; required?: unknown; form?: object } = {},
): string {
  return JSON.stringify({
    openapi: "3.1.0",
    info: { title: "visionatrix", version: "1" },
    paths: {
      [`/vapi/tasks/create/${id}`]: {
        put: {
          requestBody: {
            content: {
              "multipart/form-data": {
                schema: {
                  type: "object",
                  properties,
                  ...(required === undefined ? {} : { required }),
                  ...form,
                },
              },
            },
          },
          responses: {},
        },
      },
    },
  });
}

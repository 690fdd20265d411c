/**
 * Writes a flow model as a snapshot: an OpenAPI 3.1 document with the facts of the model and nothing else. It
 * has the shape of a server's own document (one path and one component per flow), with one line per
 * parameter, so that a change of one parameter changes one line.
 */
import { FACTS_KEY, flowFacts, parameterFlags } from "../model/facts.js";
import type { FlowModel, Model, ParameterModel } from "../model/flow.js";
import { CREATE_PREFIX } from "../model/read.js";
import { isServersOwn } from "../model/standard.js";
import { escapeInvisible } from "../json/value.js";

/** The snapshot of a model. Equal models give equal bytes. */
export function writeCanonical(model: Model): string {
  return `{
  "openapi": "3.1.0",
  "info": { "title": "Visionatrix flows", "version": "1" },
  "paths": {
${model.flows.map((flow) => pathLine(flow)).join(",\n")}
  },
  "components": {
    "schemas": {
${model.flows.map((flow) => schemaLines(flow)).join(",\n")}
    }
  }
}
`;
}

function pathLine({ id }: FlowModel): string {
  const schema = `{ "$ref": "#/components/schemas/${componentName(id)}" }`;
  const body = `{ "required": true, "content": { "multipart/form-data": { "schema": ${schema} } } }`;
  const responses = `{ "200": { "description": "Tasks created" } }`;
  return `    ${json(CREATE_PREFIX + id)}: { "put": { "requestBody": ${body}, "responses": ${responses} } }`;
}

function schemaLines(flow: FlowModel): string {
  const { id, parameters } = flow;
  const required = parameters
    .filter((parameter) => parameter.required)
    .map(({ name }) => json(name));
  const lines = parameters.map(
    (parameter) => `          ${json(parameter.name)}: ${property(parameter)}`,
  );
  const members = [
    `        "type": "object"`,
    ...(lines.length > 0 ? [`        "properties": {\n${lines.join(",\n")}\n        }`] : []),
    ...(required.length > 0 ? [`        "required": [${required.join(", ")}]`] : []),
    ...extension(flowFacts(flow)).map((member) => `        ${member}`),
  ];
  return `      "${componentName(id)}": {\n${members.join(",\n")}\n      }`;
}

function property(parameter: ParameterModel): string {
  const { kind, accept, choices, min, max, step } = parameter;
  const members: string[] = [];
  const add = (key: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) members.push(`"${key}": ${json(value)}`);
  };
  if (kind === "file") {
    const binary = `{ "type": "string", "contentMediaType": "application/octet-stream" }`;
    members.push(`"anyOf": [${binary}, { "type": "string" }]`);
    add("contentMediaType", accept);
  } else {
    add("type", kind === "text" || kind === "choice" ? "string" : kind);
  }
  if (choices !== undefined)
    members.push(`"enum": [${choices.map((choice) => json(choice)).join(", ")}]`);
  add("minimum", min);
  add("maximum", max);
  add("multipleOf", step);
  if (!isServersOwn(parameter.name, kind)) add("description", parameter.label);
  add("default", parameter.default);
  members.push(...extension(parameterFlags(parameter)));
  return `{ ${members.join(", ")} }`;
}

/**
 * OpenAPI allows only `A-Z a-z 0-9 . - _` in a component name. Any other character, and the dot itself,
 * becomes its code point between dots, so that no two ids share a name.
 */
function componentName(id: string): string {
  const safe = id.replace(
    /[^A-Za-z0-9_-]/gu,
    (char) => `.${(char.codePointAt(0) ?? 0).toString(16)}.`,
  );
  return `TaskRun_${safe}`;
}

/** The member with the facts from a listing; empty when there are none. */
function extension(facts: object): string[] {
  return Object.keys(facts).length === 0 ? [] : [`"${FACTS_KEY}": ${spaced(facts)}`];
}

/** JSON on one line, spaced like the rest of the snapshot. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return json(value as string | number | boolean);
  const members = Object.entries(value).map(([key, member]) => `"${key}": ${spaced(member)}`);
  return `{ ${members.join(", ")} }`;
}

function json(value: string | number | boolean): string {
  return escapeInvisible(JSON.stringify(value));
}

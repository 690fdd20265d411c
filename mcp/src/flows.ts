/** Flows as agents see them: one line each by id, with their parameters as JSON Schema. */
import { fileInputs, type Client, type Flow, type Parameter } from "visionatrix-client";
import { flows } from "visionatrix-client/flows";
import { capped } from "./texts.js";

export type Schema = Record<string, unknown>;

/** The compiler does not know the parameters here; the client checks them. */
export type AnyFlow = Flow<Record<string, unknown>>;

const GENERATED: ReadonlyMap<string, AnyFlow> = new Map(
  Object.values(flows).map((flow) => [flow.id, flow as unknown as AnyFlow]),
);

/**
 * Finds a flow by id: generated, or as the server lists it.
 * @throws VisionatrixError for an unknown flow
 */
export async function lookUpFlow(client: Client, id: string): Promise<AnyFlow> {
  return GENERATED.get(id) ?? client.flow(id, { fileInputs });
}

/** The flows that match all these words and, where kinds are known, this kind; one line each. */
export async function listFlows(client: Client, query: string, kind?: string): Promise<string[]> {
  const words = query.toLowerCase().split(/\s+/);
  const listed = await client.flows();
  return listed.flatMap(({ name, display_name, description, tags = [], input_params, hidden }) => {
    const text = [name, display_name, description, ...tags].join(" ").toLowerCase();
    const outputs = GENERATED.get(name)?.outputs;
    const fits = kind === undefined || !outputs || outputs.some((each) => each.kind === kind);
    if (hidden || !fits || !words.every((word) => text.includes(word))) return [];
    const files = input_params.filter(({ type }) => /image|video/.test(type)).length;
    const takes = files > 0 ? ` Takes ${files} file(s).` : "";
    return [`${name}: ${capped(display_name, 60)}. ${capped(description, 120)}${takes}`];
  });
}

/**
 * Agents may not decide where and when a task runs or who is notified, whatever a prompt tells them, nor set
 * flags that change what the user asked for.
 */
const LEFT_OUT =
  /^(group_scope|priority|child_task|webhook_url|webhook_headers|surprise_me|translate)$/;

/** @throws Error that names the parameters that agents may not set */
export function refuseForeign(params: Readonly<Record<string, unknown>>): void {
  const refused = Object.keys(params).filter((name) => LEFT_OUT.test(name));
  if (refused.length > 0) throw new Error(`Agents may not set ${refused.join(", ")}.`);
}

/**
 * @param brief for a list that every conversation carries: omits defaults, and advanced parameters, which are
 * still accepted
 */
export function schemaOf(
  all: readonly Parameter[],
  brief = false,
): { type: string; properties: Schema; required: string[] } {
  const shown = all.filter(
    ({ name, hidden, advanced }) => !LEFT_OUT.test(name) && !hidden && !(brief && advanced),
  );
  return {
    type: "object",
    properties: Object.fromEntries(shown.map((each) => [each.name, propertyOf(each, brief)])),
    required: shown.filter(({ required }) => required).map(({ name }) => name),
  };
}

const FILE = "File: a path, an http(s) address, or {task, node} of an earlier task";

function propertyOf(parameter: Parameter, brief: boolean): Schema {
  const { name, type, label, default: initial, min, max, step, choices } = parameter;
  // Some flows use a text as a number, which its numeric default shows.
  const text = typeof initial === "number" ? "number" : "string";
  const parts = [
    type === "file" && (brief ? "file" : FILE),
    label && capped(label, 80),
    step !== undefined && step !== 1 && `steps of ${step}`,
  ];
  const description = parts.filter(Boolean).join("; ");
  const isCounted = name === "seed" || name === "count";
  return {
    // Choices imply that they are strings; file parameters accept strings and objects.
    ...(type !== "choice" && type !== "file" && { type: type === "text" ? text : type }),
    ...(description && { description }),
    ...(choices && { enum: choices }),
    ...(min !== undefined && !isCounted && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(!brief &&
      initial !== undefined &&
      name !== "count" && { default: typeof initial === "string" ? capped(initial, 80) : initial }),
  };
}

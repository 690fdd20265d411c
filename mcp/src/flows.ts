/** Flows as agents see them: one line each by id, with their parameters as JSON Schema. */
import { fileInputs, jsonSchemaOf } from "visionatrix-client";
import type { Client, ObjectSchema, Parameter, ServerFlow } from "visionatrix-client";
import { flows } from "visionatrix-client/flows";
import { capped } from "./texts.js";

/** As the server's own flows: the compiler does not know the parameters here, and the client checks them. */
const GENERATED = new Map(Object.entries(flows as unknown as Record<string, ServerFlow>));

/**
 * Finds a flow by id: generated, or as the server lists it.
 * @throws VisionatrixError for an unknown flow
 */
export async function lookUpFlow(client: Client, id: string): Promise<ServerFlow> {
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

const FILE = "File: a path, an http(s) address, or {task, node} of an earlier task";

/**
 * @param brief for a list that every conversation carries: omits defaults, and advanced parameters, which are
 * still accepted
 */
export function schemaOf(all: readonly Parameter[], brief = false): ObjectSchema {
  const shown = all
    .filter(({ name, hidden, advanced }) => !LEFT_OUT.test(name) && !hidden && !(brief && advanced))
    .map(({ label, ...others }) => (label ? { ...others, label: capped(label, 80) } : others));
  const file = { description: brief ? "file" : FILE };
  return jsonSchemaOf(shown, { file, defaults: !brief });
}

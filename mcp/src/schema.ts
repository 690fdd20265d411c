/** A flow's parameters as a JSON Schema. Pure. */
import type { Parameter } from "visionatrix-client";
import { capped } from "./texts.js";
import type { Schema } from "./tools.js";

/**
 * Where and when a task runs, and who is told of it, is not an agent's business, whoever talked it into
 * that; nor are flags that change what was asked for.
 */
const LEFT_OUT =
  /^(group_scope|priority|child_task|webhook_url|webhook_headers|surprise_me|translate)$/;

/** Names of parameters that agents may not set. */
export function refusedNames(params: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(params).filter((name) => LEFT_OUT.test(name));
}

const FILE = "File: a path, an http(s) address, or {task, node} of an earlier task";

/**
 * @param brief for a list that every conversation carries: without advanced parameters, which are taken
 * all the same, and without what the flow uses where nothing is given
 */
export function schemaOf(
  parameters: readonly Parameter[],
  brief = false,
): Schema & { properties: Schema } {
  const shown = parameters.filter((parameter) => {
    const { hidden, advanced } = parameter as { hidden?: true; advanced?: true };
    return !LEFT_OUT.test(parameter.name) && !hidden && !(brief && advanced);
  });
  return {
    type: "object",
    properties: Object.fromEntries(shown.map((each) => [each.name, propertyOf(each, brief)])),
    required: shown.filter(({ required }) => required).map(({ name }) => name),
  };
}

function propertyOf(parameter: Parameter, brief: boolean): Schema {
  const { name, type, label, default: initial, min, max, step, choices } = parameter;
  const schema: Schema = {};
  // A few texts are numbers to the flow, and their default says so.
  if (type === "text") schema["type"] = typeof initial === "number" ? "number" : "string";
  // Choices say by themselves that they are texts; file parameters take texts and objects.
  else if (type !== "choice" && type !== "file") schema["type"] = type;
  const file = type === "file" ? (brief ? "file" : FILE) : "";
  const steps = step !== undefined && step !== 1 ? `steps of ${step}` : "";
  const description = [file, label ? capped(label, 80) : "", steps].filter(Boolean).join("; ");
  if (description) schema["description"] = description;
  if (choices) schema["enum"] = choices;
  if (min !== undefined && name !== "seed" && name !== "count") schema["minimum"] = min;
  if (max !== undefined) schema["maximum"] = max;
  if (!brief && initial !== undefined && name !== "count")
    schema["default"] = typeof initial === "string" ? capped(initial, 80) : initial;
  return schema;
}

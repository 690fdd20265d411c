/** A flow's parameters as a JSON Schema. Pure. */
import type { Parameter } from "visionatrix-client";
import { capped } from "./texts.js";
import type { Schema } from "./tools.js";

/** Where and when a task runs is not the model's business, nor are flags that change what was asked for. */
const LEFT_OUT =
  /^(group_scope|priority|child_task|webhook_url|webhook_headers|surprise_me|translate)$/;

const FILE = "File: a path, an http(s) address, or {task, node} of an earlier task";

export function schemaOf(parameters: readonly Parameter[]): Schema & { properties: Schema } {
  const shown = parameters.filter(
    (parameter) => !LEFT_OUT.test(parameter.name) && !(parameter as { hidden?: true }).hidden,
  );
  return {
    type: "object",
    properties: Object.fromEntries(
      shown.map((parameter) => [parameter.name, propertyOf(parameter)]),
    ),
    required: shown.filter(({ required }) => required).map(({ name }) => name),
  };
}

function propertyOf({
  name,
  type,
  label,
  default: initial,
  min,
  max,
  step,
  choices,
}: Parameter): Schema {
  const schema: Schema = {};
  // File parameters take texts and objects.
  if (type !== "file") schema["type"] = type === "choice" ? "string" : type;
  // A few texts are numbers to the flow, and their default says so.
  if (type === "text") schema["type"] = typeof initial === "number" ? "number" : "string";
  const steps = step !== undefined && step !== 1 ? `steps of ${step}` : "";
  const words = [type === "file" ? FILE : "", label ? capped(label, 80) : "", steps];
  const description = words.filter(Boolean).join("; ");
  if (description) schema["description"] = description;
  if (choices) schema["enum"] = choices;
  if (min !== undefined && name !== "seed") schema["minimum"] = min;
  if (max !== undefined) schema["maximum"] = max;
  if (initial !== undefined && name !== "count")
    schema["default"] = typeof initial === "string" ? capped(initial, 80) : initial;
  return schema;
}

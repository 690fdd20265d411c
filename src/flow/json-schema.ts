/** Parameters as JSON Schema, for language models that call flows, and for form libraries. Pure. */
import type { Parameter } from "./parameter.js";

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of an object. */
export interface ObjectSchema extends JsonSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** Options of `jsonSchemaOf`. */
export interface JsonSchemaOptions {
  /**
   * Schema of each file parameter. Default: the file values that JSON can hold, which are data URLs,
   * addresses, and references to files of earlier tasks.
   */
  readonly file?: JsonSchema;
  /** Whether properties name their defaults. Default true. */
  readonly defaults?: boolean;
}

const id = { type: "integer", minimum: 0 };

/** The members of `FileInput` that are JSON. */
const FILE: JsonSchema = {
  anyOf: [
    { type: "string", pattern: "^data:", description: "data URL" },
    { type: "object", properties: { url: { type: "string" } }, required: ["url"] },
    {
      type: "object",
      properties: { task_id: id, node_id: id, input_index: id },
      required: ["task_id"],
      description: "file of an earlier task",
    },
  ],
};

/**
 * The JSON Schema of an object that holds the given parameters, e.g. `flow.parameters`, or those of them that
 * a model may set. The client checks the values itself; the schema tells others in advance what it accepts.
 */
export function jsonSchemaOf(
  parameters: readonly Parameter[],
  { file = FILE, defaults = true }: JsonSchemaOptions = {},
): ObjectSchema {
  const properties = parameters.map(
    (each) => [each.name, propertyOf(each, file, defaults)] as const,
  );
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}

function propertyOf(parameter: Parameter, file: JsonSchema, defaults: boolean): JsonSchema {
  const { type, label, default: initial, min, max, step, choices } = parameter;
  const schema = type === "file" ? file : { type: typeOf(parameter) };
  const notes = [
    schema["description"],
    label,
    step !== undefined && step !== 1 && `steps of ${step}`,
  ].filter(Boolean);
  return {
    ...schema,
    ...(notes.length > 0 && { description: notes.join("; ") }),
    ...(choices && { enum: choices }),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(defaults && initial !== undefined && { default: initial }),
  };
}

function typeOf({ type, default: initial }: Parameter): string {
  if (type === "choice") return "string";
  // Some flows use a text as a number, which its numeric default shows.
  if (type === "text") return typeof initial === "number" ? "number" : "string";
  return type;
}

/**
 * The parameters that the server itself adds to flows, in its order. The client has the same table, so a flow
 * whose parameter is exactly as defined here only has to name it.
 */
import { defaultLabel, type ParameterModel } from "./flow.js";

type Definition = Pick<ParameterModel, "kind" | "default" | "min" | "max">;

const DEFINITIONS: ReadonlyMap<string, Definition> = new Map<string, Definition>([
  ["group_scope", { kind: "integer", min: 1, max: 255, default: 1 }],
  ["priority", { kind: "integer", min: 0, max: 15, default: 0 }],
  ["child_task", { kind: "integer", default: 0 }],
  ["webhook_url", { kind: "text", default: "" }],
  ["webhook_headers", { kind: "text", default: "" }],
  ["seed", { kind: "integer", default: 1 }],
  ["count", { kind: "integer", min: 1, default: 1 }],
  ["translate", { kind: "integer", default: 0 }],
]);

/** Names of the standard parameters, in the server's order. */
export const STANDARD_NAMES: readonly string[] = [...DEFINITIONS.keys()];

/** The five that every flow takes. */
export const ALWAYS_NAMES: readonly string[] = STANDARD_NAMES.slice(0, 5);

/** The standard parameter of that name. */
export function standardParameter(name: string): ParameterModel | undefined {
  const definition = DEFINITIONS.get(name);
  if (definition === undefined) return undefined;
  return { name, label: defaultLabel(name), required: false, standard: true, ...definition };
}

/**
 * Whether a parameter of this name and kind is the server's own, perhaps with other limits than in the table.
 * (A flow may have its own input called `seed`; it has another kind.)
 */
export function isServersOwn(name: string, kind: ParameterModel["kind"]): boolean {
  return DEFINITIONS.get(name)?.kind === kind;
}

/** Marks a parameter that equals the table's entry. */
export function markStandard(parameter: ParameterModel): ParameterModel {
  const standard = standardParameter(parameter.name);
  const equal =
    standard !== undefined &&
    !parameter.required &&
    (["kind", "label", "default", "min", "max", "step", "choices", "accept"] as const).every(
      (key) => parameter[key] === standard[key],
    );
  return equal ? standard : parameter;
}

/**
 * `surprise_me` is in no description, but the server accepts it for every flow that takes `count` and has a
 * text parameter `prompt` (contract, section 3.4).
 */
export function takesSurpriseMe(parameters: readonly ParameterModel[]): boolean {
  return (
    parameters.some(({ name, standard }) => name === "count" && standard) &&
    parameters.some(({ name, kind }) => name === "prompt" && kind === "text") &&
    !parameters.some(({ name }) => name === "surprise_me")
  );
}

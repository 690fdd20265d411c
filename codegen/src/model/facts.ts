/**
 * `x-visionatrix`: the members of a snapshot with facts from a server's listing. Read as strictly as the
 * rest; unknown members are ignored.
 */
import type { Place } from "../json/pointer.js";
import { isObject } from "../json/value.js";
import {
  OUTPUT_KINDS,
  type FlowFacts,
  type OutputKind,
  type OutputModel,
  type ParameterFlags,
} from "./flow.js";
import { readText, unknownShape } from "./text.js";

/** The key of those members. */
export const FACTS_KEY = "x-visionatrix";

/** The facts of a flow. @throws CodegenError `schema_unknown`. */
export function readFlowFacts(place: Place): FlowFacts {
  if (!isPresent(place)) return {};
  return flowFacts({
    title: optionalText(place.at("title")),
    tags: readTags(place.at("tags")),
    version: optionalText(place.at("version")),
    hidden: readFlag(place.at("hidden")),
    private: readFlag(place.at("private")),
    outputs: readOutputs(place.at("outputs")),
  });
}

/** The flags of a parameter. @throws CodegenError `schema_unknown`. */
export function readParameterFlags(place: Place): ParameterFlags {
  if (!isPresent(place)) return {};
  return parameterFlags({
    advanced: readFlag(place.at("advanced")),
    hidden: readFlag(place.at("hidden")),
    translatable: readFlag(place.at("translatable")),
  });
}

type Given<Facts> = { readonly [Key in keyof Facts]?: Facts[Key] | undefined };

/** Facts in the order in which they are written, without empty ones. */
export function flowFacts(facts: Given<FlowFacts>): FlowFacts {
  const { title, tags = [], version, outputs = [] } = facts;
  return {
    ...(title ? { title } : {}),
    ...(tags.length > 0 ? { tags: [...new Set(tags)] } : {}),
    ...(version ? { version } : {}),
    ...(facts.hidden ? { hidden: true } : {}),
    ...(facts.private ? { private: true } : {}),
    ...(outputs.length > 0 ? { outputs: [...outputs].sort((a, b) => a.node - b.node) } : {}),
  };
}

/** Flags in the order in which they are written, without unset ones. */
export function parameterFlags(flags: Given<ParameterFlags>): ParameterFlags {
  return {
    ...(flags.advanced ? { advanced: true } : {}),
    ...(flags.hidden ? { hidden: true } : {}),
    ...(flags.translatable ? { translatable: true } : {}),
  };
}

/**
 * Whether a server's listing was available when this was written: it always gives a flow a name or a version.
 */
export function isListed({ title, version }: FlowFacts): boolean {
  return title !== undefined || version !== undefined;
}

function isPresent(place: Place): boolean {
  if (place.value === undefined) return false;
  if (isObject(place.value)) return true;
  throw unknownShape(place, `The value of ${FACTS_KEY} is not an object.`);
}

function optionalText(place: Place): string | undefined {
  if (place.value === undefined) return undefined;
  if (typeof place.value === "string") return readText(place);
  throw unknownShape(place, `A name in ${FACTS_KEY} is not a string.`);
}

function readFlag(place: Place): true | undefined {
  const { value } = place;
  if (value === undefined || value === false) return undefined;
  if (value === true) return true;
  throw unknownShape(place, `A flag in ${FACTS_KEY} is not true or false.`);
}

function readTags(place: Place): string[] {
  return items(place).map((item) => {
    if (typeof item.value === "string" && item.value !== "") return readText(item);
    throw unknownShape(item, "A tag is not a string.");
  });
}

function readOutputs(place: Place): OutputModel[] {
  const nodes = new Set<number>();
  return items(place).map((item) => {
    const node = item.at("node").value;
    const kind = item.at("kind").value;
    const optional = readFlag(item.at("optional"));
    if (!isNodeId(node) || nodes.has(node) || !isOutputKind(kind)) {
      throw unknownShape(item, "An output has no node, a node used twice, or an unknown kind.");
    }
    nodes.add(node);
    return { node, kind, ...(optional ? { optional } : {}) };
  });
}

function items(place: Place): Place[] {
  const { value } = place;
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((_, index) => place.at(index));
  throw unknownShape(place, "This is not a list.");
}

export function isNodeId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isOutputKind(value: unknown): value is OutputKind {
  return OUTPUT_KINDS.some((kind) => kind === value);
}

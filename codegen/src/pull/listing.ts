/**
 * Reads a server's listing of its installed flows (`GET /vapi/flows/installed`), which adds facts to a
 * description. Pure. A listing is optional: malformed facts count as unknown.
 */
import { parseJson } from "../json/parse.js";
import { isObject, type Json, type JsonObject } from "../json/value.js";
import { flowFacts, parameterFlags } from "../model/facts.js";
import {
  defaultLabel,
  type FlowFacts,
  type ParameterFlags,
  type ParameterKind,
} from "../model/flow.js";

/** A flow as it is listed. */
export interface ListedFlow {
  readonly facts: FlowFacts;
  /** Standard parameters that the flow takes. */
  readonly supports: ReadonlySet<string>;
  /** The flow's own inputs, by name. */
  readonly inputs: ReadonlyMap<string, ListedInput>;
}

/** An input as it is listed. */
export interface ListedInput {
  readonly flags: ParameterFlags;
  /** Undefined for a type that no description can hold. */
  readonly kind: ParameterKind | undefined;
  readonly label: string;
  /** For a file: whether the server rejects a task without it. */
  readonly isFileRequired: boolean;
  /** The workflow nodes that it sets. */
  readonly nodes: readonly string[];
  readonly choices: readonly string[] | undefined;
  readonly default: Json | undefined;
  readonly limits: readonly (Json | undefined)[];
}

/** Flow id → flow; undefined when the text is not a listing. */
export function readListing(text: string): ReadonlyMap<string, ListedFlow> | undefined {
  const list = parseJson(text);
  if (!Array.isArray(list)) return undefined;
  const flows = new Map<string, ListedFlow>();
  for (const item of list) {
    const id = isObject(item) ? item.get("name") : undefined;
    if (isObject(item) && typeof id === "string" && id !== "") flows.set(id, readFlow(item));
  }
  return flows;
}

function readFlow(flow: JsonObject): ListedFlow {
  const tags = flow.get("tags");
  const inputs = flow.get("input_params");
  return {
    facts: flowFacts({
      title: asName(flow.get("display_name")),
      tags: (Array.isArray(tags) ? tags : []).flatMap((tag) => asName(tag) ?? []),
      version: asName(flow.get("version")),
      hidden: asFlag(flow.get("hidden")),
      private: asFlag(flow.get("private")),
    }),
    supports: new Set(SUPPORTS.flatMap(([key, name]) => (flow.get(key) === true ? [name] : []))),
    inputs: new Map(
      (Array.isArray(inputs) ? inputs : []).filter(isObject).flatMap((input) => {
        const name = input.get("name");
        return typeof name === "string" ? [[name, readInput(name, input)] as const] : [];
      }),
    ),
  };
}

const SUPPORTS = [
  ["is_seed_supported", "seed"],
  ["is_count_supported", "count"],
  ["is_translations_supported", "translate"],
] as const;

/** The server's input types → their names in a description. */
const KINDS: ReadonlyMap<Json | undefined, ParameterKind> = new Map<
  Json | undefined,
  ParameterKind
>([
  ["text", "text"],
  ["number", "text"],
  ["range_scale", "text"],
  ["range", "number"],
  ["list", "choice"],
  ["bool", "boolean"],
  ["image", "file"],
  ["image-mask", "file"],
  ["video", "file"],
]);

function readInput(name: string, input: JsonObject): ListedInput {
  const kind = KINDS.get(input.get("type"));
  const label = input.get("display_name");
  const options = input.get("options");
  const nodes = input.get("comfy_node_id");
  return {
    flags: parameterFlags({
      advanced: asFlag(input.get("advanced")),
      hidden: asFlag(input.get("hidden")),
      translatable: asFlag(input.get("translatable")),
    }),
    kind,
    label: typeof label === "string" && label !== "" ? label : defaultLabel(name),
    isFileRequired: kind === "file" && input.get("optional") === false,
    nodes: isObject(nodes) ? [...nodes.keys()] : [],
    choices: kind === "choice" && isObject(options) ? [...options.keys()] : undefined,
    default: kind === "file" ? undefined : input.get("default"),
    limits: kind === "number" ? ["min", "max", "step"].map((key) => input.get(key)) : [],
  };
}

/** Longer ones are prose rather than names, which is not ours to keep. */
const LONGEST_NAME = 120;

/** A display name on one line; undefined when it is not one. */
function asName(value: Json | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const name = value.trim();
  const isWhole = !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(
    name,
  );
  return name !== "" && name.length <= LONGEST_NAME && isWhole ? name : undefined;
}

function asFlag(value: Json | undefined): true | undefined {
  return value === true ? true : undefined;
}

/**
 * A workflow in ComfyUI's format → the output nodes of its flow. Pure. An output follows from the class of
 * its node; where a node may be an output of a class that is not known, nothing is known of the flow.
 */
import { isObject, type Json, type JsonObject } from "../json/value.js";
import { isNodeId } from "../model/facts.js";
import type { OutputKind, OutputModel } from "../model/flow.js";

/** Node class → what it makes (contract 5.1). */
const CLASSES: ReadonlyMap<string, OutputKind> = new Map<string, OutputKind>([
  ["SaveImage", "image"],
  ["SaveAnimatedWEBP", "image-animated"],
  ["SaveWEBM", "video"],
  ["VHS_VideoCombine", "video"],
  ["SaveAudio", "audio"],
  ["SaveText|pysssss", "text"],
  ["SaveGLB", "3d-model"],
]);

/** Classes that sound like an output and are none of those that we know. */
const SOUNDS_LIKE_OUTPUT = /^Save/;

interface Node {
  readonly type: string;
  /** The nodes whose results it takes. */
  readonly sources: readonly string[];
}

/**
 * The output nodes; undefined where they cannot be told.
 * @param optionalFiles nodes that load a file which may be left out
 */
export function outputsOf(
  workflow: Json | undefined,
  optionalFiles: ReadonlySet<string>,
): OutputModel[] | undefined {
  if (!isObject(workflow)) return undefined;
  const nodes = new Map([...workflow].flatMap(([id, node]) => readNode(id, node)));
  const savers = [...nodes].filter(
    ([, { type }]) => SOUNDS_LIKE_OUTPUT.test(type) || CLASSES.has(type),
  );
  const gone = nodesWithout(optionalFiles, nodes);
  // A flow of which nothing is left would not have that file as an optional one.
  const isAllGone = savers.every(([id]) => gone.has(id));
  const outputs: OutputModel[] = [];
  for (const [id, { type }] of savers) {
    const kind = CLASSES.get(type);
    const node = Number(id);
    if (kind === undefined || !isNodeId(node)) return undefined;
    const optional = gone.has(id) && !isAllGone;
    outputs.push({ node, kind, ...(optional ? { optional } : {}) });
  }
  const isEachOnce = new Set(outputs.map(({ node }) => node)).size === outputs.length;
  return outputs.length > 0 && isEachOnce ? outputs.sort((a, b) => a.node - b.node) : undefined;
}

function readNode(id: string, node: Json): [string, Node][] {
  const type = isObject(node) ? node.get("class_type") : undefined;
  if (!isObject(node) || typeof type !== "string") return [];
  const inputs = node.get("inputs");
  const sources = isObject(inputs) ? sourcesOf(inputs) : [];
  return [[id, { type, sources }]];
}

/** A link is `["12", 0]`: a node and which of its results. */
function sourcesOf(inputs: JsonObject): string[] {
  return [...inputs.values()].flatMap((value) => {
    if (!Array.isArray(value) || value.length !== 2 || typeof value[1] !== "number") return [];
    const [source] = value;
    return typeof source === "string" || typeof source === "number" ? [String(source)] : [];
  });
}

/**
 * The nodes that fall away with others. The server reconnects what it can; which nodes it gives up depends
 * on their code, so this is the part that is sure: nodes that get nothing else than what is gone, besides
 * from nodes that only load something.
 */
function nodesWithout(
  removed: ReadonlySet<string>,
  nodes: ReadonlyMap<string, Node>,
): ReadonlySet<string> {
  const gone = new Set([...removed].filter((id) => nodes.has(id)));
  const isLoader = (id: string): boolean => nodes.get(id)?.sources.length === 0;
  let before = -1;
  while (before !== gone.size) {
    before = gone.size;
    for (const [id, { sources }] of nodes) {
      const isFed = sources.some((source) => !gone.has(source) && !isLoader(source));
      if (sources.some((source) => gone.has(source)) && !isFed) gone.add(id);
    }
  }
  return gone;
}

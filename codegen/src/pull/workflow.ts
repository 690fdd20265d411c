/**
 * Derives the output nodes of a flow from its workflow in ComfyUI's format. Pure. The class of a node tells
 * its output. If a node of an unknown class may be an output, the outputs of the whole flow count as unknown.
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

/** Class names that look like an output, but are not known. */
const SOUNDS_LIKE_OUTPUT = /^Save/;

interface Node {
  readonly type: string;
  /** The nodes whose results it uses. */
  readonly sources: readonly string[];
}

/**
 * The output nodes; undefined when they cannot be determined.
 * @param optionalFiles nodes that load an optional file
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
  // If all outputs needed the file, it would not be optional.
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

/** A link is `["12", 0]`: a node, and the index of its result. */
function sourcesOf(inputs: JsonObject): string[] {
  return [...inputs.values()].flatMap((value) => {
    if (!Array.isArray(value) || value.length !== 2 || typeof value[1] !== "number") return [];
    const [source] = value;
    return typeof source === "string" || typeof source === "number" ? [String(source)] : [];
  });
}

/**
 * The nodes that are removed along with others. The server reconnects what it can, and which nodes it drops
 * depends on their code. Only the certain ones are returned: nodes whose inputs all come from removed nodes
 * or from nodes that only load something.
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

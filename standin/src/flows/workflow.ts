/**
 * Makes a workflow in ComfyUI's format for each task: invented, but with the flow's inputs, seed and output
 * nodes, and only with node classes of every ComfyUI. A real worker can run it; it makes plain pictures.
 */
import { hash } from "../random.js";
import type { Flow, FlowInput } from "./flow.js";
import { titleOf } from "./flow.js";
import type { OutputType } from "./listed.js";

interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly _meta: { readonly title: string };
}

/** The facts of a task that its workflow contains. */
export interface WorkflowValues {
  /** Undefined for a flow's workflow without a task. */
  readonly id?: number;
  readonly params: ReadonlyMap<string, string>;
  readonly seed: bigint;
  readonly inputs: readonly { readonly input: string; readonly name: string }[];
  readonly outputs: readonly { readonly node: number; readonly type: OutputType }[];
}

type Link = readonly [node: string, slot: number];

/** Placeholder for the seed, which may be too large for a number, until the workflow is text. */
const SEED_MARK = "\u0000seed\u0000";

function node(class_type: string, title: string, inputs: Record<string, unknown>): Node {
  return { class_type, inputs, _meta: { title } };
}

const YES = /^(?:true|1|yes|y|on)$/i;

/** A sent value as the workflow gets it. */
function valueOf(input: FlowInput, text: string | undefined): unknown {
  const { listed } = input;
  if (text === undefined) {
    return listed.options?.[String(listed.default)] ?? listed.default ?? "";
  }
  if (input.kind === "list") return listed.options?.[text] ?? text;
  if (input.kind === "bool") return YES.test(text.trim());
  if (input.kind === "text") return text;
  const number = Number(text.replaceAll("_", ""));
  return Number.isFinite(number) ? number : text;
}

/** One node for each input, with the id from the listing. Nodes only show or load, so they run anywhere. */
function inputNodes(flow: Flow, values: WorkflowValues): [string, Node][] {
  const files = new Map(values.inputs.map((file) => [file.input, file.name]));
  return flow.inputs.flatMap((input): [string, Node][] => {
    const { display_name, comfy_node_id } = input.listed;
    const [place] = Object.entries(comfy_node_id);
    if (place === undefined) return [];
    const [id, path] = place;
    const key = path.at(-1) ?? "value";
    if (input.kind !== "file") {
      const value = valueOf(input, values.params.get(input.name));
      return [[id, node("PreviewAny", display_name, { source: value, [key]: value })]];
    }
    // Without a file, its node is left out, unless the workflow is made without a task.
    const name = files.get(input.name) ?? (values.id === undefined ? "" : undefined);
    if (name === undefined) return [];
    return [[id, node("LoadImage", display_name, { image: name, [key]: name })]];
  });
}

const SIDE = 512;
const SHORT_FILM_FRAMES = 8;

/** Names of missing files, for outputs that need a model. They tell the user what is wrong. */
const NEEDS_MODEL: Partial<Record<OutputType, string>> = {
  audio: "no-sound-without-a-model.png",
  text: "no-text-without-a-model.png",
  "3d-model": "no-body-without-a-model.png",
};

function saverOf(type: OutputType, source: Link, prefix: string): Node {
  const images = { images: source, filename_prefix: prefix };
  switch (type) {
    case "image":
      return node("SaveImage", "Save", images);
    case "image-animated":
      return node("SaveAnimatedWEBP", "Save", {
        ...images,
        fps: 6,
        lossless: false,
        quality: 80,
        method: "default",
      });
    case "video":
      return node("SaveWEBM", "Save", { ...images, codec: "vp9", fps: 24, crf: 32 });
    case "audio":
      return node("SaveAudio", "Save", { audio: source, filename_prefix: prefix });
    case "3d-model":
      return node("SaveGLB", "Save", { mesh: source, filename_prefix: prefix });
    case "text":
      return node("PreviewAny", "Save", { source, filename_prefix: prefix });
  }
}

/** Adds nodes under ids that are free. */
class Nodes {
  readonly all: [string, Node][];
  readonly #taken: Set<string>;
  #next = 1;

  constructor(first: [string, Node][], taken: Iterable<string>) {
    this.all = first;
    this.#taken = new Set([...taken, ...first.map(([id]) => id)]);
  }

  /** @returns the link to its first output */
  add(one: Node): Link {
    while (this.#taken.has(String(this.#next))) this.#next += 1;
    const id = String(this.#next);
    this.#taken.add(id);
    this.all.push([id, one]);
    return [id, 0];
  }
}

/** The first given picture, or an empty one, coloured by the request. */
function sourceOf(flow: Flow, values: WorkflowValues, nodes: Nodes): Link {
  const seed = flow.listed.is_seed_supported ? { seed: SEED_MARK } : {};
  const given = nodes.all.find(([, { class_type }]) => class_type === "LoadImage");
  if (given !== undefined) {
    return nodes.add(node("ImageInvert", titleOf(flow.id), { image: [given[0], 0], ...seed }));
  }
  const color = hash([...values.params.values(), values.seed].join("|")) & 0xffffff;
  const size = { width: SIDE, height: SIDE, batch_size: 1 };
  return nodes.add(node("EmptyImage", titleOf(flow.id), { ...size, color, ...seed }));
}

function nodesOf(flow: Flow, values: WorkflowValues): [string, Node][] {
  const outputIds = values.outputs.map((one) => String(one.node));
  const nodes = new Nodes(inputNodes(flow, values), outputIds);
  const blurred = nodes.add(
    node("ImageBlur", "Blur", {
      image: sourceOf(flow, values, nodes),
      blur_radius: 1,
      sigma: 1,
    }),
  );
  for (const { node: id, type } of values.outputs) {
    const missing = NEEDS_MODEL[type];
    const repeat = type === "video" || type === "image-animated";
    const source =
      missing !== undefined
        ? nodes.add(node("LoadImage", "Model", { image: missing }))
        : repeat
          ? nodes.add(
              node("RepeatImageBatch", "Frames", { image: blurred, amount: SHORT_FILM_FRAMES }),
            )
          : blurred;
    const prefix = values.id === undefined ? "visionatrix" : `visionatrix/${values.id}_${id}`;
    nodes.all.push([String(id), saverOf(type, source, prefix)]);
  }
  return nodes.all;
}

/** The workflow as JSON text. */
export function workflowOf(values: WorkflowValues, flow: Flow | undefined): string {
  if (flow === undefined) return "{}";
  return JSON.stringify(Object.fromEntries(nodesOf(flow, values))).replaceAll(
    JSON.stringify(SEED_MARK),
    String(values.seed),
  );
}

/** Number of nodes the engine runs through for a task. */
export function countNodes(flow: Flow, values: WorkflowValues): number {
  return nodesOf(flow, values).length;
}

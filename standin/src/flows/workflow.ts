/** A workflow in ComfyUI's format for each task: made up, but with the flow's inputs, seed and output nodes in it. */
import { type Flow, type OutputType, titleOf } from "./flow.js";

interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly _meta: { readonly title: string };
}

/** What a workflow shows of its task. */
export interface WorkflowValues {
  readonly params: ReadonlyMap<string, string>;
  readonly seed: bigint;
  readonly inputs: readonly { readonly input: string; readonly name: string }[];
  readonly outputs: readonly { readonly node: number; readonly type: OutputType }[];
}

const SAVERS: Record<OutputType, string> = {
  image: "SaveImage",
  "image-animated": "SaveAnimatedWEBP",
  video: "VHS_VideoCombine",
  audio: "SaveAudio",
  text: "SaveText|pysssss",
  "3d-model": "SaveGLB",
};

const INPUTS = {
  text: "VixUiPrompt",
  list: "VixUiList",
  bool: "VixUiCheckbox",
  range: "VixUiRangeFloat",
  range_scale: "VixUiRangeScaleFloat",
  file: "LoadImage",
};

/** Stands in a workflow for the seed until the text is made, since it may be beyond what a number holds. */
const SEED_MARK = "\u0000seed\u0000";

function inputNodes(flow: Flow, values: WorkflowValues): Node[] {
  const files = new Map(values.inputs.map((file) => [file.input, file.name]));
  return flow.inputs.flatMap((input): Node[] => {
    const title = input.label;
    if (input.kind === "file") {
      // A file that was not given takes its node out of the workflow.
      const image = files.get(input.name);
      if (image === undefined) return [];
      return [{ class_type: INPUTS.file, inputs: { image, upload: "image" }, _meta: { title } }];
    }
    const value = values.params.get(input.name) ?? input.default ?? "";
    return [
      {
        class_type: INPUTS[input.kind],
        inputs: { [input.kind === "text" ? "text" : "value"]: value, custom_id: input.name },
        _meta: { title },
      },
    ];
  });
}

function coreNodes(flow: Flow): Node[] {
  const node = (class_type: string, inputs: Record<string, unknown>, title: string): Node => ({
    class_type,
    inputs,
    _meta: { title },
  });
  const load = node(
    "CheckpointLoaderSimple",
    { ckpt_name: `${flow.id}.safetensors` },
    "Load model",
  );
  if (!flow.seed) return [load, node("ImageProcess", { image: ["1", 0] }, titleOf(flow.id))];
  return [
    load,
    node("CLIPTextEncode", { text: ["1", 0], clip: ["2", 1] }, "Positive prompt"),
    node("CLIPTextEncode", { text: "", clip: ["2", 1] }, "Negative prompt"),
    node("EmptyLatentImage", { width: 1024, height: 1024, batch_size: 1 }, "Empty latent"),
    node(
      "KSampler",
      {
        seed: SEED_MARK,
        steps: 8,
        cfg: 1,
        sampler_name: "euler",
        scheduler: "sgm_uniform",
        denoise: 1,
        model: ["2", 0],
      },
      "Sampler",
    ),
    node("VAEDecode", { samples: ["3", 0], vae: ["2", 2] }, "Decode"),
  ];
}

/** The workflow as JSON text. */
export function workflowOf(values: WorkflowValues, flow: Flow | undefined): string {
  if (flow === undefined) return "{}";
  const taken = new Set(values.outputs.map((one) => one.node));
  const nodes: [string, Node][] = [];
  let id = 0;
  for (const node of [...inputNodes(flow, values), ...coreNodes(flow)]) {
    do id += 1;
    while (taken.has(id));
    nodes.push([String(id), node]);
  }
  const last = String(id);
  for (const output of values.outputs) {
    nodes.push([
      String(output.node),
      {
        class_type: SAVERS[output.type],
        inputs: { filename_prefix: "visionatrix", images: [last, 0] },
        _meta: { title: "Save" },
      },
    ]);
  }
  return JSON.stringify(Object.fromEntries(nodes)).replaceAll(
    JSON.stringify(SEED_MARK),
    String(values.seed),
  );
}

/** Number of nodes the engine runs through for a task. */
export function countNodes(flow: Flow, values: WorkflowValues): number {
  return inputNodes(flow, values).length + coreNodes(flow).length + values.outputs.length;
}

/** Flows as `/vapi/flows/installed` lists them. What a description does not tell is left empty. */
import { type Flow, type FlowInput, titleOf } from "./flow.js";

/** Masks cannot be told from images in a description, save by their names. */
function isMask(input: FlowInput): boolean {
  return input.kind === "file" && input.name.startsWith("mask_");
}

function typeOf(input: FlowInput): string {
  if (input.kind !== "file") return input.kind;
  if (isMask(input)) return "image-mask";
  return input.media === "video/*" ? "video" : "image";
}

function showInput(input: FlowInput, order: number, flow: Flow): Record<string, unknown> {
  const firstImage = flow.inputs.find((one) => one.kind === "file")?.name;
  return {
    name: input.name,
    display_name: input.label,
    type: typeOf(input),
    optional: !input.required,
    advanced: false,
    hidden: false,
    translatable: flow.translate && input.kind === "text",
    order,
    default: input.default ?? "",
    comfy_node_id: { [String(order)]: ["inputs", "value"] },
    ...(input.kind === "list"
      ? { options: Object.fromEntries((input.choices ?? []).map((choice) => [choice, choice])) }
      : {}),
    ...(input.kind === "range"
      ? { min: input.min ?? 0, max: input.max ?? 100, step: input.step ?? 1 }
      : {}),
    ...(input.kind === "range_scale" ? { min: 1, max: 4, step: 0.1 } : {}),
    ...(isMask(input) || input.kind === "range_scale" ? { source_input_name: firstImage } : {}),
  };
}

export function showFlow(flow: Flow, isSupported: boolean): Record<string, unknown> {
  return {
    name: flow.id,
    display_name: titleOf(flow.id),
    description: "A flow of the stand-in, which makes no AI images.",
    author: "",
    homepage: "",
    license: "",
    documentation: "",
    tags: [],
    sub_flows: [],
    models: [],
    input_params: flow.inputs.map((input, index) => showInput(input, index + 1, flow)),
    version: "1.0",
    requires: [],
    private: false,
    hidden: false,
    new_version_available: "",
    is_seed_supported: flow.seed,
    is_count_supported: flow.count,
    is_translations_supported: flow.translate,
    is_macos_supported: true,
    is_supported_by_workers: isSupported,
    required_memory_gb: 0,
    lora_connect_points: {},
    is_surprise_me_supported: flow.count && flow.inputs.some((input) => input.name === "prompt"),
    remote_vae: false,
  };
}

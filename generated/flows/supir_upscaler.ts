// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type CountParam,
  type FileInput,
  type Flow,
  type SeedParam,
  type StandardParams,
} from "../../src/index.js";

/** Parameters of the flow `supir_upscaler`. */
export interface SupirUpscalerParams extends StandardParams, SeedParam, CountParam {
  /** Image to upscale. A file of type image/*. */
  image_to_upscale: FileInput<"image">;
  /** Output image size factor. Advanced. @defaultValue 2 */
  scale_factor?: string | number;
  /** Steps number to generate. Advanced. From 25 to 50. In steps of 1. @defaultValue 45 */
  steps_count?: number;
  /**
   * Strictness (High = Less Freedom). Advanced. From 0.9 to 1. In steps of 0.01.
   * @defaultValue 1
   */
  supir_control_scale?: number;
  /**
   * Diffusion Type(set to "fp32" on macOS). Advanced. One of "fp16", "bf16", "fp32", "auto".
   * @defaultValue "auto"
   */
  in_param_117?: "fp16" | "bf16" | "fp32" | "auto";
  /**
   * Scaling option. Advanced. One of "Soft", "Sharp", "Soft, disabled tiling(for small images)",
   * "Sharp, disabled tiling(for small images)".
   * @defaultValue "Soft"
   */
  in_param_125?:
    | "Soft"
    | "Sharp"
    | "Soft, disabled tiling(for small images)"
    | "Sharp, disabled tiling(for small images)";
  /** Low memory mode. Advanced. @defaultValue false */
  in_param_138?: boolean;
}

/**
 * Runs the flow `supir_upscaler`: SUPIR Upscaler. Gives images (node 106). Tags: upscaler,
 * postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { supirUpscaler } from "visionatrix-client/flows/supir_upscaler";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await supirUpscaler(client, { image_to_upscale: file }).result();
 * ```
 */
export const supirUpscaler: Flow<SupirUpscalerParams, "image"> = /* @__PURE__ */ defineFlow(
  "supir_upscaler",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    { name: "image_to_upscale", type: "file", required: true, accept: "image/*" },
    {
      name: "scale_factor",
      type: "text",
      label: "Output image size factor",
      default: 2,
      advanced: true,
    },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 45,
      min: 25,
      max: 50,
      step: 1,
      advanced: true,
    },
    {
      name: "supir_control_scale",
      type: "number",
      label: "Strictness (High = Less Freedom)",
      default: 1,
      min: 0.9,
      max: 1,
      step: 0.01,
      advanced: true,
    },
    {
      name: "in_param_117",
      type: "choice",
      label: 'Diffusion Type(set to "fp32" on macOS)',
      default: "auto",
      choices: ["fp16", "bf16", "fp32", "auto"],
      advanced: true,
    },
    {
      name: "in_param_125",
      type: "choice",
      label: "Scaling option",
      default: "Soft",
      choices: [
        "Soft",
        "Sharp",
        "Soft, disabled tiling(for small images)",
        "Sharp, disabled tiling(for small images)",
      ],
      advanced: true,
    },
    {
      name: "in_param_138",
      type: "boolean",
      label: "Low memory mode",
      default: false,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "SUPIR Upscaler",
    tags: ["upscaler", "postprocess"],
    version: "2.0.2",
    outputs: [{ node: 106, kind: "image" }],
  },
);

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

/** Parameters of the flow `flux1_extend`. */
export interface Flux1ExtendParams extends StandardParams, SeedParam, CountParam {
  /** Image to outpaint. A file of type image/*. */
  source_image: FileInput<"image">;
  /** Extend width. From 0 to 512. In steps of 64. @defaultValue 64 */
  extend_width?: number;
  /** Extend height. From 0 to 512. In steps of 64. @defaultValue 64 */
  extend_height?: number;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Steps number to generate. Advanced. From 20 to 60. In steps of 1. @defaultValue 35 */
  steps_count?: number;
  /** Guidance. Advanced. From 1 to 99. In steps of 0.1. @defaultValue 10 */
  in_param_80?: number;
}

/**
 * Runs the flow `flux1_extend`: Flux Extend. Gives images (node 9). Tags: redraw, postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { flux1Extend } from "visionatrix-client/flows/flux1_extend";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await flux1Extend(client, { source_image: file }).result();
 * ```
 */
export const flux1Extend: Flow<Flux1ExtendParams, "image"> = /* @__PURE__ */ defineFlow(
  "flux1_extend",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    {
      name: "source_image",
      type: "file",
      label: "Image to outpaint",
      required: true,
      accept: "image/*",
    },
    { name: "extend_width", type: "number", default: 64, min: 0, max: 512, step: 64 },
    { name: "extend_height", type: "number", default: 64, min: 0, max: 512, step: 64 },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "fp8_e4m3fn",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
    },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 35,
      min: 20,
      max: 60,
      step: 1,
      advanced: true,
    },
    {
      name: "in_param_80",
      type: "number",
      label: "Guidance",
      default: 10,
      min: 1,
      max: 99,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Flux Extend",
    tags: ["redraw", "postprocess"],
    version: "1.1.0",
    outputs: [{ node: 9, kind: "image" }],
  },
);

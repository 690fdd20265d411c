// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  type CountParam,
  type Flow,
  type SeedParam,
  type StandardParams,
  type SurpriseMeParam,
  type TranslateParam,
} from "../../src/index.js";

/** Parameters of the flow `sketch_pencil`. */
export interface SketchPencilParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "a monochromatic pencil sketch of a ragdoll cat, blue eyes, impressionism,
   * negative space"
   */
  prompt?: string;
  /**
   * Aspect Ratio. Advanced. One of "1:1 (1024x1024)", "2:3 (832x1216)", "3:4 (896x1152)", "5:8
   * (768x1216)", "9:16 (768x1344)", "9:19 (704x1472)", "9:21 (640x1536)", "3:2 (1216x832)", "4:3
   * (1152x896)", "8:5 (1216x768)", "16:9 (1344x768)", "20:11 (1280x704)", "19:9 (1472x704)", "21:9
   * (1536x640)".
   * @defaultValue "3:4 (896x1152)"
   */
  aspect_ratio?:
    | "1:1 (1024x1024)"
    | "2:3 (832x1216)"
    | "3:4 (896x1152)"
    | "5:8 (768x1216)"
    | "9:16 (768x1344)"
    | "9:19 (704x1472)"
    | "9:21 (640x1536)"
    | "3:2 (1216x832)"
    | "4:3 (1152x896)"
    | "8:5 (1216x768)"
    | "16:9 (1344x768)"
    | "20:11 (1280x704)"
    | "19:9 (1472x704)"
    | "21:9 (1536x640)";
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Pencil LoRa strength. Advanced. From 0 to 1. In steps of 0.1. @defaultValue 1 */
  pencil_lora_strength?: number;
}

/**
 * Runs the flow `sketch_pencil`: Pencil Sketch. Gives images (node 9). Tags: general, sketch.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { sketchPencil } from "visionatrix-client/flows/sketch_pencil";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await sketchPencil(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const sketchPencil: Flow<SketchPencilParams, "image"> = /* @__PURE__ */ defineFlow(
  "sketch_pencil",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    "translate",
    "surprise_me",
    {
      name: "prompt",
      type: "text",
      default: "a monochromatic pencil sketch of a ragd…",
      translatable: true,
    },
    {
      name: "aspect_ratio",
      type: "choice",
      label: "Aspect Ratio",
      default: "3:4 (896x1152)",
      choices: [
        "1:1 (1024x1024)",
        "2:3 (832x1216)",
        "3:4 (896x1152)",
        "5:8 (768x1216)",
        "9:16 (768x1344)",
        "9:19 (704x1472)",
        "9:21 (640x1536)",
        "3:2 (1216x832)",
        "4:3 (1152x896)",
        "8:5 (1216x768)",
        "16:9 (1344x768)",
        "20:11 (1280x704)",
        "19:9 (1472x704)",
        "21:9 (1536x640)",
      ],
      advanced: true,
    },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "fp8_e4m3fn",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
    },
    {
      name: "pencil_lora_strength",
      type: "number",
      label: "Pencil LoRa strength",
      default: 1,
      min: 0,
      max: 1,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    title: "Pencil Sketch",
    tags: ["general", "sketch"],
    version: "1.1.3",
    outputs: [{ node: 9, kind: "image" }],
  },
);

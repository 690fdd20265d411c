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

/** Parameters of the flow `pixart_e`. */
export interface PixartEParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "drawing of a tank with a (blue:0.8) camo pattern"
   */
  prompt?: string;
  /**
   * Aspect Ratio. Advanced. One of "1:1 (1024x1024)", "2:3 (832x1216)", "3:4 (896x1152)", "5:8
   * (768x1216)", "9:16 (768x1344)", "9:19 (704x1472)", "9:21 (640x1536)", "3:2 (1216x832)", "4:3
   * (1152x896)", "8:5 (1216x768)", "16:9 (1344x768)", "20:11 (1280x704)", "19:9 (1472x704)", "21:9
   * (1536x640)".
   * @defaultValue "1:1 (1024x1024)"
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
  /** Negative Prompt. Advanced. Translated to English where `translate` is set. */
  negative_prompt?: string;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "default"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Prompt strength. Advanced. From 3 to 5. In steps of 0.1. @defaultValue 4.5 */
  prompt_strength?: number;
  /** Steps number to generate. Advanced. From 20 to 60. In steps of 1. @defaultValue 20 */
  steps_count?: number;
}

/**
 * Runs the flow `pixart_e`: PixArt Sigma. Gives images (node 66). Tags: general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { pixartE } from "visionatrix-client/flows/pixart_e";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await pixartE(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const pixartE: Flow<PixartEParams, "image"> = /* @__PURE__ */ defineFlow(
  "pixart_e",
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
      default: "drawing of a tank with a (blue:0.8) cam…",
      translatable: true,
    },
    {
      name: "aspect_ratio",
      type: "choice",
      label: "Aspect Ratio",
      default: "1:1 (1024x1024)",
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
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      advanced: true,
      translatable: true,
    },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "default",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
    },
    {
      name: "prompt_strength",
      type: "number",
      default: 4.5,
      min: 3,
      max: 5,
      step: 0.1,
      advanced: true,
    },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 20,
      min: 20,
      max: 60,
      step: 1,
      advanced: true,
    },
  ],
  {
    title: "PixArt Sigma",
    tags: ["general", "simple"],
    version: "1.1.0",
    outputs: [{ node: 66, kind: "image" }],
  },
);

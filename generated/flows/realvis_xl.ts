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

/** Parameters of the flow `realvis_xl`. */
export interface RealvisXlParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "portrait, masterpiece, 4k, ray tracing, intricate details, highly detailed,
   * hyper realistic, 8k RAW editorial photo. an adorable lynx , head with a tilt and a slight
   * blink. The lynx is feathers should be soft and fluffy, the background should be a snowy forest,
   * dramatic light, shallow depth of field, high budget"
   */
  prompt?: string;
  /**
   * Negative Prompt. Advanced. Translated to English where `translate` is set.
   * @defaultValue "bad hands, bad anatomy, ugly, deformed, (face asymmetry, eyes asymmetry,
   * deformed eyes, deformed mouth, open mouth)"
   */
  negative_prompt?: string;
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
  /** Steps number to generate. Advanced. From 25 to 60. In steps of 1. @defaultValue 30 */
  steps_count?: number;
  /** Prompt strength. Advanced. From 2 to 7. In steps of 0.1. @defaultValue 3 */
  prompt_strength?: number;
}

/**
 * Runs the flow `realvis_xl`: RealVis XL. Gives images (node 267). Tags: general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { realvisXl } from "visionatrix-client/flows/realvis_xl";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await realvisXl(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const realvisXl: Flow<RealvisXlParams, "image"> = /* @__PURE__ */ defineFlow(
  "realvis_xl",
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
      default: "portrait, masterpiece, 4k, ray tracing,…",
      translatable: true,
    },
    {
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      default: "bad hands, bad anatomy, ugly, deformed,…",
      advanced: true,
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
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 30,
      min: 25,
      max: 60,
      step: 1,
      advanced: true,
    },
    {
      name: "prompt_strength",
      type: "number",
      default: 3,
      min: 2,
      max: 7,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    title: "RealVis XL",
    tags: ["general", "simple"],
    version: "1.0.0",
    outputs: [{ node: 267, kind: "image" }],
  },
);

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

/** Parameters of the flow `sd3_5_large_8bit`. */
export interface Sd35Large8bitParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "a close-up half-portrait photo of a woman wearing a sleek blue and white summer
   * dress with a monstera plant motif, red braided hair, she is on Brighton pebble beach UK, west
   * pier behind her, early in the morning, seagulls flying overhead, focus on face"
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
  /** Prompt strength. Advanced. From 2.5 to 6. In steps of 0.1. @defaultValue 4.5 */
  prompt_strength?: number;
  /** Steps number to generate. Advanced. From 20 to 60. In steps of 1. @defaultValue 20 */
  steps_count?: number;
}

/**
 * Runs the flow `sd3_5_large_8bit`: SD3.5 Large (Small). Gives images (node 273). Tags: general,
 * simple, loras.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { sd35Large8bit } from "visionatrix-client/flows/sd3_5_large_8bit";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await sd35Large8bit(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const sd35Large8bit: Flow<Sd35Large8bitParams, "image"> = /* @__PURE__ */ defineFlow(
  "sd3_5_large_8bit",
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
      default: "a close-up half-portrait photo of a wom…",
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
      name: "prompt_strength",
      type: "number",
      default: 4.5,
      min: 2.5,
      max: 6,
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
    title: "SD3.5 Large (Small)",
    tags: ["general", "simple", "loras"],
    version: "1.1.1",
    outputs: [{ node: 273, kind: "image" }],
  },
);

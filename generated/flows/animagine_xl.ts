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

/** Parameters of the flow `animagine_xl`. */
export interface AnimagineXlParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "1girl, elfen lied, pug, throne, night, masterpiece, high score, great score,
   * absurdres"
   */
  prompt?: string;
  /**
   * Negative Prompt. Advanced. Translated to English where `translate` is set.
   * @defaultValue "lowres, bad anatomy, bad hands, text, error, missing finger, extra digits, fewer
   * digits, cropped, worst quality, low quality, low score, bad score, average score, signature,
   * watermark, username, blurry"
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
  /** Steps number to generate. Advanced. From 25 to 40. In steps of 1. @defaultValue 28 */
  steps_count?: number;
  /** Prompt strength. Advanced. From 4 to 7. In steps of 0.1. @defaultValue 4.5 */
  prompt_strength?: number;
}

/**
 * Runs the flow `animagine_xl`: Animagine XL. Gives images (node 267). Tags: general, simple,
 * anime.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { animagineXl } from "visionatrix-client/flows/animagine_xl";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await animagineXl(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const animagineXl: Flow<AnimagineXlParams, "image"> = /* @__PURE__ */ defineFlow(
  "animagine_xl",
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
      default: "1girl, elfen lied, pug, throne, night, …",
      translatable: true,
    },
    {
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      default: "lowres, bad anatomy, bad hands, text, e…",
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
      default: 28,
      min: 25,
      max: 40,
      step: 1,
      advanced: true,
    },
    {
      name: "prompt_strength",
      type: "number",
      default: 4.5,
      min: 4,
      max: 7,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    title: "Animagine XL",
    tags: ["general", "simple", "anime"],
    version: "1.0.0",
    outputs: [{ node: 267, kind: "image" }],
  },
);

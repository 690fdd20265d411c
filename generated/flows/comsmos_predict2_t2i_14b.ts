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

/** Parameters of the flow `comsmos_predict2_t2i_14b`. */
export interface ComsmosPredict2T2i14bParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "A realistic close-up of individual water droplets forming and sliding down the
   * moss-covered edge of a waterfall, each droplet captured mid-fall with crystal clarity, tiny
   * ripples and refractions of light within them, the blurred rushing water in the background
   * creating soft bokeh, rich textures of wet stone and shimmering spray, with natural daylight
   * glinting off the droplets and highlighting every detail."
   */
  prompt?: string;
  /**
   * Aspect Ratio. Advanced. One of "1:1 (1024x1024)", "2:3 (832x1216)", "3:4 (896x1152)", "5:8
   * (768x1216)", "9:16 (768x1344)", "9:19 (704x1472)", "9:21 (640x1536)", "3:2 (1216x832)", "4:3
   * (1152x896)", "8:5 (1216x768)", "16:9 (1344x768)", "20:11 (1280x704)", "19:9 (1472x704)", "21:9
   * (1536x640)".
   * @defaultValue "20:11 (1280x704)"
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
  /** Steps number to generate. Advanced. From 20 to 40. In steps of 1. @defaultValue 30 */
  steps_count?: number;
  /** Prompt strength. Advanced. From 1 to 5. In steps of 0.1. @defaultValue 4 */
  prompt_strength?: number;
  /**
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 1
   */
  batch_size?: number;
}

/**
 * Runs the flow `comsmos_predict2_t2i_14b`: Cosmos Predict 2 (14B). Gives images (node 27). Tags:
 * general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { comsmosPredict2T2i14b } from "visionatrix-client/flows/comsmos_predict2_t2i_14b";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await comsmosPredict2T2i14b(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const comsmosPredict2T2i14b: Flow<ComsmosPredict2T2i14bParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "comsmos_predict2_t2i_14b",
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
        default: "A realistic close-up of individual wate…",
        translatable: true,
      },
      {
        name: "aspect_ratio",
        type: "choice",
        label: "Aspect Ratio",
        default: "20:11 (1280x704)",
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
        name: "steps_count",
        type: "number",
        label: "Steps number to generate",
        default: 30,
        min: 20,
        max: 40,
        step: 1,
        advanced: true,
      },
      {
        name: "prompt_strength",
        type: "number",
        default: 4,
        min: 1,
        max: 5,
        step: 0.1,
        advanced: true,
      },
      {
        name: "batch_size",
        type: "number",
        default: 1,
        min: 1,
        max: 10,
        step: 1,
        advanced: true,
        hidden: true,
      },
    ],
    {
      title: "Cosmos Predict 2 (14B)",
      tags: ["general", "simple"],
      version: "1.0.0",
      outputs: [{ node: 27, kind: "image" }],
    },
  );

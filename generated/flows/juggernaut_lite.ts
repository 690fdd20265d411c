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

/** Parameters of the flow `juggernaut_lite`. */
export interface JuggernautLiteParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /**
   * Negative Prompt. Advanced. Translated to English where `translate` is set.
   * @defaultValue "asian, child, penis, embedding:ng_deepnegative_v1_75t,
   * embedding:negative_hand-neg, (worst quality, low quality:2), lowres, bad anatomy, normal
   * quality, monochrome, grayscale, ((signature, text, watermark))"
   */
  negative_prompt?: string;
  /**
   * Aspect Ratio. Advanced. One of "1:1 (1024x1024)", "2:3 (832x1216)", "3:4 (896x1152)", "5:8
   * (768x1216)", "9:16 (768x1344)", "9:19 (704x1472)", "9:21 (640x1536)", "3:2 (1216x832)", "4:3
   * (1152x896)", "8:5 (1216x768)", "16:9 (1344x768)", "20:11 (1280x704)", "19:9 (1472x704)", "21:9
   * (1536x640)".
   * @defaultValue "2:3 (832x1216)"
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
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 1
   */
  batch_size?: number;
}

/**
 * Runs the flow `juggernaut_lite`: Juggernaut Lite. Gives images (node 266). Tags: general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { juggernautLite } from "visionatrix-client/flows/juggernaut_lite";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await juggernautLite(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const juggernautLite: Flow<JuggernautLiteParams, "image"> = /* @__PURE__ */ defineFlow(
  "juggernaut_lite",
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
    { name: "prompt", type: "text", required: true, translatable: true },
    {
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      default: "asian, child, penis, embedding:ng_deepn…",
      advanced: true,
      translatable: true,
    },
    {
      name: "aspect_ratio",
      type: "choice",
      label: "Aspect Ratio",
      default: "2:3 (832x1216)",
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
    title: "Juggernaut Lite",
    tags: ["general", "simple"],
    version: "1.0.3",
    outputs: [{ node: 266, kind: "image" }],
  },
);

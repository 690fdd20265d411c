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

/** Parameters of the flow `playground_2_5_aesthetic`. */
export interface Playground25AestheticParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** Negative Prompt. Advanced. Translated to English where `translate` is set. */
  negative_prompt?: string;
  /**
   * Aspect Ratio. Advanced. One of "1:1 (1024x1024)", "2:3 (832x1216)", "3:4 (896x1152)", "5:8
   * (768x1216)", "9:16 (768x1344)", "9:19 (704x1472)", "9:21 (640x1536)", "3:2 (1216x832)", "4:3
   * (1152x896)", "8:5 (1216x768)", "16:9 (1344x768)", "20:11 (1280x704)", "19:9 (1472x704)", "21:9
   * (1536x640)".
   * @defaultValue "3:2 (1216x832)"
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
  /** Steps number to generate. Advanced. From 30 to 60. In steps of 1. @defaultValue 50 */
  steps_count?: number;
  /** Prompt strength. Advanced. From 3 to 5. In steps of 0.1. @defaultValue 3 */
  prompt_strength?: number;
  /** Fast run. Advanced. @defaultValue false */
  fast_run?: boolean;
  /**
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 1
   */
  batch_size?: number;
}

/**
 * Runs the flow `playground_2_5_aesthetic`: Aesthetic images. Gives images (node 138). Tags:
 * general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { playground25Aesthetic } from "visionatrix-client/flows/playground_2_5_aesthetic";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await playground25Aesthetic(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const playground25Aesthetic: Flow<Playground25AestheticParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "playground_2_5_aesthetic",
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
        advanced: true,
        translatable: true,
      },
      {
        name: "aspect_ratio",
        type: "choice",
        label: "Aspect Ratio",
        default: "3:2 (1216x832)",
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
        default: 50,
        min: 30,
        max: 60,
        step: 1,
        advanced: true,
      },
      {
        name: "prompt_strength",
        type: "number",
        default: 3,
        min: 3,
        max: 5,
        step: 0.1,
        advanced: true,
      },
      { name: "fast_run", type: "boolean", default: false, advanced: true },
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
      title: "Aesthetic images",
      tags: ["general", "simple"],
      version: "1.1.4",
      outputs: [{ node: 138, kind: "image" }],
    },
  );

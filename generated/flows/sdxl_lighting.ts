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

/** Parameters of the flow `sdxl_lighting`. */
export interface SdxlLightingParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** Number of steps. Advanced. One of "4 steps", "8 steps". @defaultValue "8 steps" */
  steps_number?: "4 steps" | "8 steps";
  /**
   * Negative Prompt. Advanced. Translated to English where `translate` is set.
   * @defaultValue "ugly"
   */
  negative_prompt?: string;
  /**
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 1
   */
  batch_size?: number;
}

/**
 * Runs the flow `sdxl_lighting`: SDXL Lighting. Gives images (node 9). Tags: general, lighting,
 * simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await sdxlLighting(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const sdxlLighting: Flow<SdxlLightingParams, "image"> = /* @__PURE__ */ defineFlow(
  "sdxl_lighting",
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
      name: "steps_number",
      type: "choice",
      label: "Number of steps",
      default: "8 steps",
      choices: ["4 steps", "8 steps"],
      advanced: true,
    },
    {
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      default: "ugly",
      advanced: true,
      translatable: true,
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
    title: "SDXL Lighting",
    tags: ["general", "lighting", "simple"],
    version: "1.0.2",
    outputs: [{ node: 9, kind: "image" }],
  },
);

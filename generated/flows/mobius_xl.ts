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

/** Parameters of the flow `mobius_xl`. */
export interface MobiusXlParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** Negative Prompt. Advanced. Translated to English where `translate` is set. */
  negative_prompt?: string;
  /** Steps number to generate. Advanced. From 20 to 60. In steps of 1. @defaultValue 50 */
  steps_count?: number;
  /** Fast run. Advanced. @defaultValue false */
  fast_run?: boolean;
  /** Prompt strength. Advanced. From 3.5 to 7. In steps of 0.1. @defaultValue 5 */
  prompt_strength?: number;
  /**
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 1
   */
  batch_size?: number;
}

/**
 * Runs the flow `mobius_xl`: Mobius XL. Gives images (node 267). Tags: general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { mobiusXl } from "visionatrix-client/flows/mobius_xl";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await mobiusXl(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const mobiusXl: Flow<MobiusXlParams, "image"> = /* @__PURE__ */ defineFlow(
  "mobius_xl",
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
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 50,
      min: 20,
      max: 60,
      step: 1,
      advanced: true,
    },
    { name: "fast_run", type: "boolean", default: false, advanced: true },
    {
      name: "prompt_strength",
      type: "number",
      default: 5,
      min: 3.5,
      max: 7,
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
    title: "Mobius XL",
    tags: ["general", "simple"],
    version: "1.0.3",
    outputs: [{ node: 267, kind: "image" }],
  },
);

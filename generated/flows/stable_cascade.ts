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

/** Parameters of the flow `stable_cascade`. */
export interface StableCascadeParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** Pass count. Advanced. One of "One pass", "Two pass", "Three pass". @defaultValue "Two pass" */
  pass_count?: "One pass" | "Two pass" | "Three pass";
  /** Negative Prompt. Advanced. Translated to English where `translate` is set. */
  negative_prompt?: string;
  /**
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 1
   */
  batch_size?: number;
}

/**
 * Runs the flow `stable_cascade`: Stable Cascade. Gives images (node 86). Tags: general, simple.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { stableCascade } from "visionatrix-client/flows/stable_cascade";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await stableCascade(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const stableCascade: Flow<StableCascadeParams, "image"> = /* @__PURE__ */ defineFlow(
  "stable_cascade",
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
      name: "pass_count",
      type: "choice",
      default: "Two pass",
      choices: ["One pass", "Two pass", "Three pass"],
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
    title: "Stable Cascade",
    tags: ["general", "simple"],
    version: "1.0.2",
    outputs: [{ node: 86, kind: "image" }],
  },
);

// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  type CountParam,
  type Flow,
  type SeedParam,
  type StandardParams,
  type SurpriseMeParam,
} from "../../src/index.js";

/** Parameters of the flow `stable_audio_open`. */
export interface StableAudioOpenParams
  extends StandardParams, SeedParam, CountParam, SurpriseMeParam {
  /** Prompt. @defaultValue "116 BPM rock drums loop clean production" */
  prompt?: string;
  /** Length(in seconds). From 3 to 47. In steps of 1. @defaultValue 22 */
  length?: number;
  /** Prompt strength. Advanced. From 5 to 8. In steps of 0.1. @defaultValue 7 */
  prompt_strength?: number;
  /** Negative Prompt. Advanced. */
  negative_prompt?: string;
  /** Steps number to generate. Advanced. From 20 to 120. In steps of 1. @defaultValue 100 */
  steps_count?: number;
}

/**
 * Runs the flow `stable_audio_open`: Stable Audio - Open. Gives audio (node 13). Tags: audio.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { stableAudioOpen } from "visionatrix-client/flows/stable_audio_open";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await stableAudioOpen(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const stableAudioOpen: Flow<StableAudioOpenParams, "audio"> = /* @__PURE__ */ defineFlow(
  "stable_audio_open",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    "surprise_me",
    { name: "prompt", type: "text", default: "116 BPM rock drums loop clean production" },
    {
      name: "length",
      type: "number",
      label: "Length(in seconds)",
      default: 22,
      min: 3,
      max: 47,
      step: 1,
    },
    {
      name: "prompt_strength",
      type: "number",
      default: 7,
      min: 5,
      max: 8,
      step: 0.1,
      advanced: true,
    },
    { name: "negative_prompt", type: "text", label: "Negative Prompt", advanced: true },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 100,
      min: 20,
      max: 120,
      step: 1,
      advanced: true,
    },
  ],
  {
    title: "Stable Audio - Open",
    tags: ["audio"],
    version: "1.0.0",
    outputs: [{ node: 13, kind: "audio" }],
  },
);

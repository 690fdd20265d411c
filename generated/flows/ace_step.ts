// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  type CountParam,
  type Flow,
  type SeedParam,
  type StandardParams,
  type SurpriseMeParam,
} from "../../src/index.js";

/** Parameters of the flow `ace_step`. */
export interface AceStepParams extends StandardParams, SeedParam, CountParam, SurpriseMeParam {
  /**
   * Lyrics.
   * @defaultValue "\[Verse 1\]\nAcross the skies, across the lands\nOur data rests in trusted
   * hands\nNo distant clouds we can’t define\nWith Nextcloud, the power’s
   * mine\n\n\[Chorus\]\nNextcloud, our freedom and shield\nIn open code, the truth’s
   * revealed\nSharing dreams with hearts aligned\nA brighter world for humankind"
   */
  lyrics?: string;
  /**
   * Prompt.
   * @defaultValue "background music for parties, radio broadcasts, streaming platforms, female
   * voice"
   */
  prompt?: string;
  /** Length(in seconds). From 5 to 180. In steps of 1. @defaultValue 45 */
  length?: number;
  /** Steps number to generate. Advanced. From 40 to 500. In steps of 1. @defaultValue 50 */
  steps_count?: number;
}

/**
 * Runs the flow `ace_step`: ACE-Step Audio. Gives audio (node 19). Tags: audio.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { aceStep } from "visionatrix-client/flows/ace_step";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await aceStep(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const aceStep: Flow<AceStepParams, "audio"> = /* @__PURE__ */ defineFlow(
  "ace_step",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    "surprise_me",
    { name: "lyrics", type: "text", default: "[Verse 1]\nAcross the skies, across the …" },
    { name: "prompt", type: "text", default: "background music for parties, radio bro…" },
    {
      name: "length",
      type: "number",
      label: "Length(in seconds)",
      default: 45,
      min: 5,
      max: 180,
      step: 1,
    },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 50,
      min: 40,
      max: 500,
      step: 1,
      advanced: true,
    },
  ],
  {
    title: "ACE-Step Audio",
    tags: ["audio"],
    version: "1.0.0",
    outputs: [{ node: 19, kind: "audio" }],
  },
);

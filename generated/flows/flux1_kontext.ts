// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type CountParam,
  type FileInput,
  type Flow,
  type SeedParam,
  type StandardParams,
  type SurpriseMeParam,
  type TranslateParam,
} from "../../src/index.js";

/** Parameters of the flow `flux1_kontext`. */
export interface Flux1KontextParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Image to edit. A file of type image/*. */
  input_image: FileInput<"image">;
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "Change the clothes to be a viking warrior while preserving facial features"
   */
  prompt?: string;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Steps number to generate. Advanced. From 20 to 50. In steps of 1. @defaultValue 25 */
  steps_count?: number;
  /**
   * Batch size. Hidden: forms do not show it. Advanced. From 1 to 10. In steps of 1.
   * @defaultValue 2
   */
  batch_size?: number;
}

/**
 * Runs the flow `flux1_kontext`: Flux Kontext. Gives images (node 9). Tags: general, edit, loras.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { flux1Kontext } from "visionatrix-client/flows/flux1_kontext";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await flux1Kontext(client, { input_image: file }).result();
 * ```
 */
export const flux1Kontext: Flow<Flux1KontextParams, "image"> = /* @__PURE__ */ defineFlow(
  "flux1_kontext",
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
      name: "input_image",
      type: "file",
      label: "Image to edit",
      required: true,
      accept: "image/*",
    },
    {
      name: "prompt",
      type: "text",
      default: "Change the clothes to be a viking warri…",
      translatable: true,
    },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "fp8_e4m3fn",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
    },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 25,
      min: 20,
      max: 50,
      step: 1,
      advanced: true,
    },
    {
      name: "batch_size",
      type: "number",
      default: 2,
      min: 1,
      max: 10,
      step: 1,
      advanced: true,
      hidden: true,
    },
  ],
  {
    fileInputs,
    title: "Flux Kontext",
    tags: ["general", "edit", "loras"],
    version: "1.0.1",
    outputs: [{ node: 9, kind: "image" }],
  },
);

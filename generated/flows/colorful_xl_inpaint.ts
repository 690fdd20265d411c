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

/** Parameters of the flow `colorful_xl_inpaint`. */
export interface ColorfulXlInpaintParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Image to redraw. A file of type image/*. */
  source_image: FileInput<"image">;
  /** Mask to redraw. A file of type image/*. */
  mask_redraw: FileInput<"image">;
  /** Context to include. A file of type image/*. */
  mask_context?: FileInput<"image">;
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** Fast Run. Advanced. @defaultValue true */
  fast_run?: boolean;
  /** Prompt strength. Advanced. From 1 to 4.5. In steps of 0.1. @defaultValue 1 */
  prompt_strength?: number;
  /** Replacing factor. Advanced. From 0.1 to 1. In steps of 0.01. @defaultValue 0.5 */
  denoise?: number;
  /** Steps number to generate. Advanced. From 30 to 60. In steps of 1. @defaultValue 45 */
  steps_count?: number;
}

/**
 * Runs the flow `colorful_xl_inpaint`: ColorfulXL Redraw. Gives images (node 312). Tags: redraw,
 * postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { colorfulXlInpaint } from "visionatrix-client/flows/colorful_xl_inpaint";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await colorfulXlInpaint(client, { source_image: file, mask_redraw: file, prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const colorfulXlInpaint: Flow<ColorfulXlInpaintParams, "image"> = /* @__PURE__ */ defineFlow(
  "colorful_xl_inpaint",
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
      name: "source_image",
      type: "file",
      label: "Image to redraw",
      required: true,
      accept: "image/*",
    },
    {
      name: "mask_redraw",
      type: "file",
      label: "Mask to redraw",
      required: true,
      accept: "image/*",
    },
    { name: "mask_context", type: "file", label: "Context to include", accept: "image/*" },
    { name: "fast_run", type: "boolean", label: "Fast Run", default: true, advanced: true },
    { name: "prompt", type: "text", required: true, translatable: true },
    {
      name: "prompt_strength",
      type: "number",
      default: 1,
      min: 1,
      max: 4.5,
      step: 0.1,
      advanced: true,
    },
    {
      name: "denoise",
      type: "number",
      label: "Replacing factor",
      default: 0.5,
      min: 0.1,
      max: 1,
      step: 0.01,
      advanced: true,
    },
    {
      name: "steps_count",
      type: "number",
      label: "Steps number to generate",
      default: 45,
      min: 30,
      max: 60,
      step: 1,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "ColorfulXL Redraw",
    tags: ["redraw", "postprocess"],
    version: "2.1.2",
    outputs: [{ node: 312, kind: "image" }],
  },
);

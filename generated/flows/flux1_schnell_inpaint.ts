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

/** Parameters of the flow `flux1_schnell_inpaint`. */
export interface Flux1SchnellInpaintParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Image to redraw. A file of type image/*. */
  source_image: FileInput<"image">;
  /** Mask to redraw. A file of type image/*. */
  mask_redraw: FileInput<"image">;
  /** Context to include. A file of type image/*. */
  mask_context?: FileInput<"image">;
  /** Prompt. Translated to English where `translate` is set. */
  prompt?: string;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Replacing factor. Advanced. From 0.1 to 1. In steps of 0.01. @defaultValue 0.9 */
  denoise?: number;
}

/**
 * Runs the flow `flux1_schnell_inpaint`: Flux Lighting Redraw. Gives images (node 56). Tags:
 * redraw, lighting, postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { flux1SchnellInpaint } from "visionatrix-client/flows/flux1_schnell_inpaint";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await flux1SchnellInpaint(client, { source_image: file, mask_redraw: file }).result();
 * ```
 */
export const flux1SchnellInpaint: Flow<Flux1SchnellInpaintParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "flux1_schnell_inpaint",
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
      { name: "prompt", type: "text", translatable: true },
      {
        name: "diffusion_precision",
        type: "choice",
        default: "fp8_e4m3fn",
        choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
        advanced: true,
      },
      {
        name: "denoise",
        type: "number",
        label: "Replacing factor",
        default: 0.9,
        min: 0.1,
        max: 1,
        step: 0.01,
        advanced: true,
      },
    ],
    {
      fileInputs,
      title: "Flux Lighting Redraw",
      tags: ["redraw", "lighting", "postprocess"],
      version: "1.0.2",
      outputs: [{ node: 56, kind: "image" }],
    },
  );

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

/** Parameters of the flow `hunyuan_img2video`. */
export interface HunyuanImg2videoParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** First frame. A file of type image/*. */
  image: FileInput<"image">;
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** Number of frames. Advanced. From 8 to 128. In steps of 8. @defaultValue 24 */
  frames_count?: number;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
}

/**
 * Runs the flow `hunyuan_img2video`: Hunyuan: Image To Video. Gives videos (node 98). Tags: video.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { hunyuanImg2video } from "visionatrix-client/flows/hunyuan_img2video";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await hunyuanImg2video(client, { image: file, prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const hunyuanImg2video: Flow<HunyuanImg2videoParams, "video"> = /* @__PURE__ */ defineFlow(
  "hunyuan_img2video",
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
    { name: "image", type: "file", label: "First frame", required: true, accept: "image/*" },
    { name: "prompt", type: "text", required: true, translatable: true },
    {
      name: "frames_count",
      type: "number",
      label: "Number of frames",
      default: 24,
      min: 8,
      max: 128,
      step: 8,
      advanced: true,
    },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "fp8_e4m3fn",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Hunyuan: Image To Video",
    tags: ["video"],
    version: "1.0.2",
    outputs: [{ node: 98, kind: "video" }],
  },
);

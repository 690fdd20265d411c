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

/** Parameters of the flow `ltxv_img2video`. */
export interface LtxvImg2videoParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Prompt. Translated to English where `translate` is set. */
  prompt: string;
  /** First frame. A file of type image/*. */
  image: FileInput<"image">;
  /** Width. Advanced. From 384 to 768. In steps of 32. @defaultValue 512 */
  width?: number;
  /** Height. Advanced. From 384 to 768. In steps of 32. @defaultValue 512 */
  height?: number;
  /** Number of frames. Advanced. From 8 to 256. In steps of 8. @defaultValue 40 */
  frames_count?: number;
}

/**
 * Runs the flow `ltxv_img2video`: LTXV: Image To Video. Gives animated images (node 41). Tags:
 * video.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { ltxvImg2video } from "visionatrix-client/flows/ltxv_img2video";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await ltxvImg2video(client, { prompt: "a lighthouse at dawn", image: file }).result();
 * ```
 */
export const ltxvImg2video: Flow<LtxvImg2videoParams, "image-animated"> =
  /* @__PURE__ */ defineFlow(
    "ltxv_img2video",
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
      { name: "image", type: "file", label: "First frame", required: true, accept: "image/*" },
      { name: "width", type: "number", default: 512, min: 384, max: 768, step: 32, advanced: true },
      {
        name: "height",
        type: "number",
        default: 512,
        min: 384,
        max: 768,
        step: 32,
        advanced: true,
      },
      {
        name: "frames_count",
        type: "number",
        label: "Number of frames",
        default: 40,
        min: 8,
        max: 256,
        step: 8,
        advanced: true,
      },
    ],
    {
      fileInputs,
      title: "LTXV: Image To Video",
      tags: ["video"],
      version: "1.0.3",
      outputs: [{ node: 41, kind: "image-animated" }],
    },
  );

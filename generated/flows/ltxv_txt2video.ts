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

/** Parameters of the flow `ltxv_txt2video`. */
export interface LtxvTxt2videoParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "A woman with long brown hair and light skin smiles at another woman with long
   * blonde hair. The woman with brown hair wears a black jacket and has a small, barely noticeable
   * mole on her right cheek. The camera angle is a close-up, focused on the woman with brown hair's
   * face. The lighting is warm and natural, likely from the setting sun, casting a soft glow on the
   * scene. The scene appears to be real-life footage."
   */
  prompt?: string;
  /** Width. Advanced. From 384 to 768. In steps of 32. @defaultValue 768 */
  width?: number;
  /** Height. Advanced. From 384 to 768. In steps of 32. @defaultValue 512 */
  height?: number;
  /** Number of frames. Advanced. From 8 to 256. In steps of 8. @defaultValue 48 */
  frames_count?: number;
}

/**
 * Runs the flow `ltxv_txt2video`: LTXV: Text To Video. Gives animated images (node 41). Tags:
 * video.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { ltxvTxt2video } from "visionatrix-client/flows/ltxv_txt2video";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await ltxvTxt2video(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const ltxvTxt2video: Flow<LtxvTxt2videoParams, "image-animated"> =
  /* @__PURE__ */ defineFlow(
    "ltxv_txt2video",
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
        name: "prompt",
        type: "text",
        default: "A woman with long brown hair and light …",
        translatable: true,
      },
      { name: "width", type: "number", default: 768, min: 384, max: 768, step: 32, advanced: true },
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
        default: 48,
        min: 8,
        max: 256,
        step: 8,
        advanced: true,
      },
    ],
    {
      title: "LTXV: Text To Video",
      tags: ["video"],
      version: "1.1.0",
      outputs: [{ node: 41, kind: "image-animated" }],
    },
  );

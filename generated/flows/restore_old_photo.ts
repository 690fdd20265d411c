// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type CountParam,
  type FileInput,
  type Flow,
  type SeedParam,
  type StandardParams,
} from "../../src/index.js";

/** Parameters of the flow `restore_old_photo`. */
export interface RestoreOldPhotoParams extends StandardParams, SeedParam, CountParam {
  /** Old photo. A file of type image/*. */
  src_image: FileInput<"image">;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Use Gemini instead of Ollama. Advanced. @defaultValue true */
  vision_provider?: boolean;
}

/**
 * Runs the flow `restore_old_photo`: Restore Old Photo. Gives images (node 136). Tags: restore.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { restoreOldPhoto } from "visionatrix-client/flows/restore_old_photo";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await restoreOldPhoto(client, { src_image: file }).result();
 * ```
 */
export const restoreOldPhoto: Flow<RestoreOldPhotoParams, "image"> = /* @__PURE__ */ defineFlow(
  "restore_old_photo",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    { name: "src_image", type: "file", label: "Old photo", required: true, accept: "image/*" },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "fp8_e4m3fn",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
    },
    {
      name: "vision_provider",
      type: "boolean",
      label: "Use Gemini instead of Ollama",
      default: true,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Restore Old Photo",
    tags: ["restore"],
    version: "1.0.0",
    outputs: [{ node: 136, kind: "image" }],
  },
);

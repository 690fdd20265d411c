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

/** Parameters of the flow `to_ghibli`. */
export interface ToGhibliParams extends StandardParams, SeedParam, CountParam {
  /** Image to Ghiblify. A file of type image/*. */
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
 * Runs the flow `to_ghibli`: Ghibli Style. Gives images (node 136). Tags: anime.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { toGhibli } from "visionatrix-client/flows/to_ghibli";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await toGhibli(client, { src_image: file }).result();
 * ```
 */
export const toGhibli: Flow<ToGhibliParams, "image"> = /* @__PURE__ */ defineFlow(
  "to_ghibli",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    {
      name: "src_image",
      type: "file",
      label: "Image to Ghiblify",
      required: true,
      accept: "image/*",
    },
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
    title: "Ghibli Style",
    tags: ["anime"],
    version: "1.0.0",
    outputs: [{ node: 136, kind: "image" }],
  },
);

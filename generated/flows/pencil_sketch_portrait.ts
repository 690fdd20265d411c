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

/** Parameters of the flow `pencil_sketch_portrait`. */
export interface PencilSketchPortraitParams extends StandardParams, SeedParam, CountParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Use Gemini instead of Ollama. Advanced. @defaultValue true */
  vision_provider?: boolean;
}

/**
 * Runs the flow `pencil_sketch_portrait`: Pencil Sketch Portrait. Gives images (node 36). Tags:
 * general, portrait, sketch.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { pencilSketchPortrait } from "visionatrix-client/flows/pencil_sketch_portrait";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await pencilSketchPortrait(client, { person_face: file }).result();
 * ```
 */
export const pencilSketchPortrait: Flow<PencilSketchPortraitParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "pencil_sketch_portrait",
    [
      "group_scope",
      "priority",
      "child_task",
      "webhook_url",
      "webhook_headers",
      "seed",
      "count",
      {
        name: "person_face",
        type: "file",
        label: "Person's face",
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
      title: "Pencil Sketch Portrait",
      tags: ["general", "portrait", "sketch"],
      version: "1.2.2",
      outputs: [{ node: 36, kind: "image" }],
    },
  );

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

/** Parameters of the flow `sketch_portrait`. */
export interface SketchPortraitParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /** Base gender. One of "girl", "boy", "man", "woman". @defaultValue "girl" */
  in_param_397?: "girl" | "boy" | "man" | "woman";
  /** Person's face pose. Advanced. A file of type image/*. */
  person_pose?: FileInput<"image">;
  /** Prompt. Advanced. Translated to English where `translate` is set. */
  prompt?: string;
  /** Prompt strength. Advanced. From 3 to 10. In steps of 0.1. @defaultValue 5 */
  prompt_strength?: number;
}

/**
 * Runs the flow `sketch_portrait`: Sketch Portrait. Gives images (node 359). Tags: anime, sketch,
 * portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { sketchPortrait } from "visionatrix-client/flows/sketch_portrait";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await sketchPortrait(client, { person_face: file }).result();
 * ```
 */
export const sketchPortrait: Flow<SketchPortraitParams, "image"> = /* @__PURE__ */ defineFlow(
  "sketch_portrait",
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
      name: "person_face",
      type: "file",
      label: "Person's face",
      required: true,
      accept: "image/*",
    },
    {
      name: "person_pose",
      type: "file",
      label: "Person's face pose",
      accept: "image/*",
      advanced: true,
    },
    {
      name: "in_param_397",
      type: "choice",
      label: "Base gender",
      default: "girl",
      choices: ["girl", "boy", "man", "woman"],
    },
    { name: "prompt", type: "text", advanced: true, translatable: true },
    {
      name: "prompt_strength",
      type: "number",
      default: 5,
      min: 3,
      max: 10,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Sketch Portrait",
    tags: ["anime", "sketch", "portrait"],
    version: "2.1.3",
    outputs: [{ node: 359, kind: "image" }],
  },
);

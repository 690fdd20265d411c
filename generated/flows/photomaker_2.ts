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

/** Parameters of the flow `photomaker_2`. */
export interface Photomaker2Params
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Person's face. A file of type image/*. */
  person_face1: FileInput<"image">;
  /** Person's face. A file of type image/*. */
  person_face2: FileInput<"image">;
  /** Person's face. A file of type image/*. */
  person_face3?: FileInput<"image">;
  /** Person's face. A file of type image/*. */
  person_face4?: FileInput<"image">;
  /** Prompt. Translated to English where `translate` is set. @defaultValue "portrait of a girl" */
  prompt?: string;
  /**
   * PhotoMaker Style. Advanced. One of "(No style)", "Cinematic", "Disney Charactor", "Digital
   * Art", "Photographic (Default)", "Fantasy art", "Neonpunk", "Enhance", "Line art".
   * @defaultValue "Photographic (Default)"
   */
  in_param_235?:
    | "(No style)"
    | "Cinematic"
    | "Disney Charactor"
    | "Digital Art"
    | "Photographic (Default)"
    | "Fantasy art"
    | "Neonpunk"
    | "Enhance"
    | "Line art";
  /**
   * Negative Prompt. Advanced. Translated to English where `translate` is set.
   * @defaultValue "asymmetry, worst quality, low quality, illustration, 3d, 2d, painting, cartoons,
   * sketch, open mouth"
   */
  negative_prompt?: string;
  /** Freedom of outcome. Advanced. From 0.1 to 0.5. In steps of 0.1. @defaultValue 0.2 */
  accuracy?: number;
}

/**
 * Runs the flow `photomaker_2`: Photo from 2-4 images. Gives images (nodes 67, 69, 236). Tags:
 * general, portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { photomaker2 } from "visionatrix-client/flows/photomaker_2";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await photomaker2(client, { person_face1: file, person_face2: file }).result();
 * ```
 */
export const photomaker2: Flow<Photomaker2Params, "image"> = /* @__PURE__ */ defineFlow(
  "photomaker_2",
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
      name: "person_face1",
      type: "file",
      label: "Person's face",
      required: true,
      accept: "image/*",
    },
    {
      name: "person_face2",
      type: "file",
      label: "Person's face",
      required: true,
      accept: "image/*",
    },
    { name: "person_face3", type: "file", label: "Person's face", accept: "image/*" },
    { name: "person_face4", type: "file", label: "Person's face", accept: "image/*" },
    { name: "prompt", type: "text", default: "portrait of a girl", translatable: true },
    {
      name: "in_param_235",
      type: "choice",
      label: "PhotoMaker Style",
      default: "Photographic (Default)",
      choices: [
        "(No style)",
        "Cinematic",
        "Disney Charactor",
        "Digital Art",
        "Photographic (Default)",
        "Fantasy art",
        "Neonpunk",
        "Enhance",
        "Line art",
      ],
      advanced: true,
    },
    {
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      default: "asymmetry, worst quality, low quality, …",
      advanced: true,
      translatable: true,
    },
    {
      name: "accuracy",
      type: "number",
      label: "Freedom of outcome",
      default: 0.2,
      min: 0.1,
      max: 0.5,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Photo from 2-4 images",
    tags: ["general", "portrait"],
    version: "1.1.4",
    outputs: [
      { node: 67, kind: "image" },
      { node: 69, kind: "image" },
      { node: 236, kind: "image" },
    ],
  },
);

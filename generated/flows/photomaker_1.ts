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

/** Parameters of the flow `photomaker_1`. */
export interface Photomaker1Params
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /** Prompt. Translated to English where `translate` is set. @defaultValue "portrait of girl" */
  prompt?: string;
  /**
   * Photo Style. One of "Cinematic", "Disney Character", "Digital Art", "Photographic", "Fantasy
   * art", "Neonpunk", "Comic book", "Lowpoly", "Line art".
   * @defaultValue "Cinematic"
   */
  style?:
    | "Cinematic"
    | "Disney Character"
    | "Digital Art"
    | "Photographic"
    | "Fantasy art"
    | "Neonpunk"
    | "Comic book"
    | "Lowpoly"
    | "Line art";
  /** Negative Prompt. Advanced. Translated to English where `translate` is set. */
  negative_prompt?: string;
  /** Freedom of outcome. Advanced. From 0.1 to 0.5. In steps of 0.1. @defaultValue 0.3 */
  accuracy?: number;
}

/**
 * Runs the flow `photomaker_1`: Photo from 1 image. Gives images (nodes 69, 76). Tags: general,
 * portrait, cartoon.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { photomaker1 } from "visionatrix-client/flows/photomaker_1";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await photomaker1(client, { person_face: file }).result();
 * ```
 */
export const photomaker1: Flow<Photomaker1Params, "image"> = /* @__PURE__ */ defineFlow(
  "photomaker_1",
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
    { name: "prompt", type: "text", default: "portrait of girl", translatable: true },
    {
      name: "style",
      type: "choice",
      label: "Photo Style",
      default: "Cinematic",
      choices: [
        "Cinematic",
        "Disney Character",
        "Digital Art",
        "Photographic",
        "Fantasy art",
        "Neonpunk",
        "Comic book",
        "Lowpoly",
        "Line art",
      ],
    },
    {
      name: "negative_prompt",
      type: "text",
      label: "Negative Prompt",
      advanced: true,
      translatable: true,
    },
    {
      name: "accuracy",
      type: "number",
      label: "Freedom of outcome",
      default: 0.3,
      min: 0.1,
      max: 0.5,
      step: 0.1,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Photo from 1 image",
    tags: ["general", "portrait", "cartoon"],
    version: "1.1.3",
    outputs: [
      { node: 69, kind: "image" },
      { node: 76, kind: "image" },
    ],
  },
);

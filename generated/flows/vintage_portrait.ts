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

/** Parameters of the flow `vintage_portrait`. */
export interface VintagePortraitParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "portrait of a girl, cinematic, masterpiece"
   */
  prompt?: string;
  /** Person's face pose. Advanced. A file of type image/*. */
  person_pose?: FileInput<"image">;
}

/**
 * Runs the flow `vintage_portrait`: Vintage Portrait. Gives images (node 31). Tags: portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { vintagePortrait } from "visionatrix-client/flows/vintage_portrait";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await vintagePortrait(client, { person_face: file }).result();
 * ```
 */
export const vintagePortrait: Flow<VintagePortraitParams, "image"> = /* @__PURE__ */ defineFlow(
  "vintage_portrait",
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
      name: "prompt",
      type: "text",
      default: "portrait of a girl, cinematic,  masterp…",
      translatable: true,
    },
  ],
  {
    fileInputs,
    title: "Vintage Portrait",
    tags: ["portrait"],
    version: "1.0.3",
    outputs: [{ node: 31, kind: "image" }],
  },
);

// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type CountParam,
  type FileInput,
  type Flow,
  type SeedParam,
  type StandardParams,
  type TranslateParam,
} from "../../src/index.js";

/** Parameters of the flow `photo_stickers2`. */
export interface PhotoStickers2Params
  extends StandardParams, SeedParam, CountParam, TranslateParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /**
   * Fisrt Sticker Prompt. Translated to English where `translate` is set.
   * @defaultValue "Boxers, with red boxing gloves, swinging their fists"
   */
  prompt1?: string;
  /**
   * Second Sticker Prompt. Translated to English where `translate` is set.
   * @defaultValue "Dressed in a Superman costume"
   */
  prompt2?: string;
  /**
   * Third Sticker Prompt. Translated to English where `translate` is set.
   * @defaultValue "Dress up as Santa Claus with a rattle in your hand"
   */
  prompt3?: string;
  /**
   * Fourth Sticker Prompt. Translated to English where `translate` is set.
   * @defaultValue "Holding a bouquet of roses in his hand and wearing a gown"
   */
  prompt4?: string;
  /** Use Gemini for vision instead of Ollama. Advanced. @defaultValue false */
  vision_provider?: boolean;
}

/**
 * Runs the flow `photo_stickers2`: Photo Stickers 2. Gives images (nodes 525, 579, 580, 581). Tags:
 * cartoon, portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { photoStickers2 } from "visionatrix-client/flows/photo_stickers2";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await photoStickers2(client, { person_face: file }).result();
 * ```
 */
export const photoStickers2: Flow<PhotoStickers2Params, "image"> = /* @__PURE__ */ defineFlow(
  "photo_stickers2",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    "translate",
    {
      name: "person_face",
      type: "file",
      label: "Person's face",
      required: true,
      accept: "image/*",
    },
    {
      name: "prompt1",
      type: "text",
      label: "Fisrt Sticker Prompt",
      default: "Boxers, with red boxing gloves, swingin…",
      translatable: true,
    },
    {
      name: "prompt2",
      type: "text",
      label: "Second Sticker Prompt",
      default: "Dressed in a Superman costume",
      translatable: true,
    },
    {
      name: "prompt3",
      type: "text",
      label: "Third Sticker Prompt",
      default: "Dress up as Santa Claus with a rattle i…",
      translatable: true,
    },
    {
      name: "prompt4",
      type: "text",
      label: "Fourth Sticker Prompt",
      default: "Holding a bouquet of roses in his hand …",
      translatable: true,
    },
    {
      name: "vision_provider",
      type: "boolean",
      label: "Use Gemini for vision instead of Ollama",
      default: false,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Photo Stickers 2",
    tags: ["cartoon", "portrait"],
    version: "1.3.3",
    outputs: [
      { node: 525, kind: "image" },
      { node: 579, kind: "image" },
      { node: 580, kind: "image" },
      { node: 581, kind: "image" },
    ],
  },
);

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
  /** Fisrt Sticker Prompt. @defaultValue "Boxers, with red boxing gloves, swinging their fists" */
  prompt1?: string;
  /** Second Sticker Prompt. @defaultValue "Dressed in a Superman costume" */
  prompt2?: string;
  /** Third Sticker Prompt. @defaultValue "Dress up as Santa Claus with a rattle in your hand" */
  prompt3?: string;
  /**
   * Fourth Sticker Prompt.
   * @defaultValue "Holding a bouquet of roses in his hand and wearing a gown"
   */
  prompt4?: string;
  /** Use Gemini for vision instead of Ollama. @defaultValue false */
  vision_provider?: boolean;
}

/**
 * Runs the flow `photo_stickers2`.
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
export const photoStickers2: Flow<PhotoStickers2Params> = /* @__PURE__ */ defineFlow(
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
    },
    {
      name: "prompt2",
      type: "text",
      label: "Second Sticker Prompt",
      default: "Dressed in a Superman costume",
    },
    {
      name: "prompt3",
      type: "text",
      label: "Third Sticker Prompt",
      default: "Dress up as Santa Claus with a rattle i…",
    },
    {
      name: "prompt4",
      type: "text",
      label: "Fourth Sticker Prompt",
      default: "Holding a bouquet of roses in his hand …",
    },
    {
      name: "vision_provider",
      type: "boolean",
      label: "Use Gemini for vision instead of Ollama",
      default: false,
    },
  ],
  { fileInputs },
);

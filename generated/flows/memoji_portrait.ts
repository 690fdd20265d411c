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

/** Parameters of the flow `memoji_portrait`. */
export interface MemojiPortraitParams
  extends StandardParams, SeedParam, CountParam, TranslateParam, SurpriseMeParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /**
   * Prompt. Translated to English where `translate` is set.
   * @defaultValue "girl, portrait, close up"
   */
  prompt?: string;
  /** Person's face pose. Advanced. A file of type image/*. */
  person_pose?: FileInput<"image">;
}

/**
 * Runs the flow `memoji_portrait`: Memoji Portrait. Gives images (node 359). Tags: cartoon,
 * portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { memojiPortrait } from "visionatrix-client/flows/memoji_portrait";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await memojiPortrait(client, { person_face: file }).result();
 * ```
 */
export const memojiPortrait: Flow<MemojiPortraitParams, "image"> = /* @__PURE__ */ defineFlow(
  "memoji_portrait",
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
    { name: "prompt", type: "text", default: "girl, portrait, close up", translatable: true },
    {
      name: "person_pose",
      type: "file",
      label: "Person's face pose",
      accept: "image/*",
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Memoji Portrait",
    tags: ["cartoon", "portrait"],
    version: "2.1.4",
    outputs: [{ node: 359, kind: "image" }],
  },
);

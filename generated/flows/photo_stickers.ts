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

/** Parameters of the flow `photo_stickers`. */
export interface PhotoStickersParams extends StandardParams, SeedParam, CountParam {
  /** Person's face. A file of type image/*. */
  person_face: FileInput<"image">;
  /** Base gender. One of "girl", "boy", "man", "woman". @defaultValue "boy" */
  gender?: "girl" | "boy" | "man" | "woman";
}

/**
 * Runs the flow `photo_stickers`: Photo Stickers. Gives images (nodes 10, 79, 80, 82). Tags:
 * cartoon, portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { photoStickers } from "visionatrix-client/flows/photo_stickers";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await photoStickers(client, { person_face: file }).result();
 * ```
 */
export const photoStickers: Flow<PhotoStickersParams, "image"> = /* @__PURE__ */ defineFlow(
  "photo_stickers",
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
      name: "gender",
      type: "choice",
      label: "Base gender",
      default: "boy",
      choices: ["girl", "boy", "man", "woman"],
    },
  ],
  {
    fileInputs,
    title: "Photo Stickers",
    tags: ["cartoon", "portrait"],
    version: "1.1.5",
    outputs: [
      { node: 10, kind: "image" },
      { node: 79, kind: "image" },
      { node: 80, kind: "image" },
      { node: 82, kind: "image" },
    ],
  },
);

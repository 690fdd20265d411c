// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type FileInput,
  type Flow,
  type StandardParams,
} from "../../src/index.js";

/** Parameters of the flow `remove_background_bria`. */
export interface RemoveBackgroundBriaParams extends StandardParams {
  /** Input image. A file of type image/*. */
  input_image: FileInput<"image">;
}

/**
 * Runs the flow `remove_background_bria`: Remove background (Bria). Gives images (node 319). Tags:
 * background, postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { removeBackgroundBria } from "visionatrix-client/flows/remove_background_bria";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await removeBackgroundBria(client, { input_image: file }).result();
 * ```
 */
export const removeBackgroundBria: Flow<RemoveBackgroundBriaParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "remove_background_bria",
    [
      "group_scope",
      "priority",
      "child_task",
      "webhook_url",
      "webhook_headers",
      { name: "input_image", type: "file", required: true, accept: "image/*" },
    ],
    {
      fileInputs,
      title: "Remove background (Bria)",
      tags: ["background", "postprocess"],
      version: "2.0.4",
      outputs: [{ node: 319, kind: "image" }],
    },
  );

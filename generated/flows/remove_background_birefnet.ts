// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type FileInput,
  type Flow,
  type StandardParams,
} from "../../src/index.js";

/** Parameters of the flow `remove_background_birefnet`. */
export interface RemoveBackgroundBirefnetParams extends StandardParams {
  /** Input image. A file of type image/*. */
  input_image: FileInput<"image">;
}

/**
 * Runs the flow `remove_background_birefnet`: Remove background (BiRefNet). Gives images (node 13).
 * Tags: background, postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await removeBackgroundBirefnet(client, { input_image: file }).result();
 * ```
 */
export const removeBackgroundBirefnet: Flow<RemoveBackgroundBirefnetParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "remove_background_birefnet",
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
      title: "Remove background (BiRefNet)",
      tags: ["background", "postprocess"],
      version: "2.0.3",
      outputs: [{ node: 13, kind: "image" }],
    },
  );

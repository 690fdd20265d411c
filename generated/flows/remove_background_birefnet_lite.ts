// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type FileInput,
  type Flow,
  type StandardParams,
} from "../../src/index.js";

/** Parameters of the flow `remove_background_birefnet_lite`. */
export interface RemoveBackgroundBirefnetLiteParams extends StandardParams {
  /** Input image. A file of type image/*. */
  input_image: FileInput<"image">;
}

/**
 * Runs the flow `remove_background_birefnet_lite`: Remove background (BiRefNet Lite). Gives images
 * (node 13). Tags: background, postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { removeBackgroundBirefnetLite } from "visionatrix-client/flows/remove_background_birefnet_lite";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await removeBackgroundBirefnetLite(client, { input_image: file }).result();
 * ```
 */
export const removeBackgroundBirefnetLite: Flow<RemoveBackgroundBirefnetLiteParams, "image"> =
  /* @__PURE__ */ defineFlow(
    "remove_background_birefnet_lite",
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
      title: "Remove background (BiRefNet Lite)",
      tags: ["background", "postprocess"],
      version: "1.0.3",
      outputs: [{ node: 13, kind: "image" }],
    },
  );

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

/** Parameters of the flow `human_face_detailer`. */
export interface HumanFaceDetailerParams extends StandardParams, SeedParam, CountParam {
  /** Image with people. A file of type image/*. */
  person_image: FileInput<"image">;
}

/**
 * Runs the flow `human_face_detailer`: Human Face Detailer. Gives images (node 138). Tags:
 * portrait, postprocess.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { humanFaceDetailer } from "visionatrix-client/flows/human_face_detailer";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await humanFaceDetailer(client, { person_image: file }).result();
 * ```
 */
export const humanFaceDetailer: Flow<HumanFaceDetailerParams, "image"> = /* @__PURE__ */ defineFlow(
  "human_face_detailer",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    {
      name: "person_image",
      type: "file",
      label: "Image with people",
      required: true,
      accept: "image/*",
    },
  ],
  {
    fileInputs,
    title: "Human Face Detailer",
    tags: ["portrait", "postprocess"],
    version: "1.0.4",
    outputs: [{ node: 138, kind: "image" }],
  },
);

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

/** Parameters of the flow `hunyuan_3d`. */
export interface Hunyuan3dParams extends StandardParams, SeedParam, CountParam {
  /** Front. A file of type image/*. */
  front_img: FileInput<"image">;
  /** Left. A file of type image/*. */
  left_img?: FileInput<"image">;
  /** Right. A file of type image/*. */
  right_img?: FileInput<"image">;
  /** Back. A file of type image/*. */
  back_img?: FileInput<"image">;
}

/**
 * Runs the flow `hunyuan_3d`: Hunyuan3D. Gives 3D models (node 67). Tags: 3D.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { hunyuan3d } from "visionatrix-client/flows/hunyuan_3d";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await hunyuan3d(client, { front_img: file }).result();
 * ```
 */
export const hunyuan3d: Flow<Hunyuan3dParams, "3d-model"> = /* @__PURE__ */ defineFlow(
  "hunyuan_3d",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    "count",
    { name: "front_img", type: "file", label: "Front", required: true, accept: "image/*" },
    { name: "left_img", type: "file", label: "Left", accept: "image/*" },
    { name: "right_img", type: "file", label: "Right", accept: "image/*" },
    { name: "back_img", type: "file", label: "Back", accept: "image/*" },
  ],
  {
    fileInputs,
    title: "Hunyuan3D",
    tags: ["3D"],
    version: "1.0.0",
    outputs: [{ node: 67, kind: "3d-model" }],
  },
);

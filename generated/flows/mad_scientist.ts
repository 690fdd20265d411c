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

/** Parameters of the flow `mad_scientist`. */
export interface MadScientistParams extends StandardParams, SeedParam, CountParam {
  /** Person's face. A file of type image/*. */
  person_image: FileInput<"image">;
  /** Style. A file of type image/*. */
  style_image: FileInput<"image">;
  /** Use Gemini for vision instead of Ollama. Advanced. @defaultValue false */
  vision_provider?: boolean;
}

/**
 * Runs the flow `mad_scientist`: Mad Scientist. Gives images (node 17). Tags: general, portrait.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { madScientist } from "visionatrix-client/flows/mad_scientist";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await madScientist(client, { person_image: file, style_image: file }).result();
 * ```
 */
export const madScientist: Flow<MadScientistParams, "image"> = /* @__PURE__ */ defineFlow(
  "mad_scientist",
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
      label: "Person's face",
      required: true,
      accept: "image/*",
    },
    { name: "style_image", type: "file", label: "Style", required: true, accept: "image/*" },
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
    title: "Mad Scientist",
    tags: ["general", "portrait"],
    version: "1.3.2",
    outputs: [{ node: 17, kind: "image" }],
  },
);

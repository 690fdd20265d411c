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

/** Parameters of the flow `animal_clothing`. */
export interface AnimalClothingParams
  extends StandardParams, SeedParam, CountParam, TranslateParam {
  /** Person or animal. A file of type image/*. */
  person_image: FileInput<"image">;
  /** Image of clothes. A file of type image/*. */
  image_of_clothes: FileInput<"image">;
  /**
   * Aspect Ratio. Advanced. One of "1:1 (1024x1024)", "2:3 (832x1216)", "3:4 (896x1152)", "5:8
   * (768x1216)", "9:16 (768x1344)", "9:19 (704x1472)", "9:21 (640x1536)", "3:2 (1216x832)", "4:3
   * (1152x896)", "8:5 (1216x768)", "16:9 (1344x768)", "20:11 (1280x704)", "19:9 (1472x704)", "21:9
   * (1536x640)".
   * @defaultValue "2:3 (832x1216)"
   */
  aspect_ratio?:
    | "1:1 (1024x1024)"
    | "2:3 (832x1216)"
    | "3:4 (896x1152)"
    | "5:8 (768x1216)"
    | "9:16 (768x1344)"
    | "9:19 (704x1472)"
    | "9:21 (640x1536)"
    | "3:2 (1216x832)"
    | "4:3 (1152x896)"
    | "8:5 (1216x768)"
    | "16:9 (1344x768)"
    | "20:11 (1280x704)"
    | "19:9 (1472x704)"
    | "21:9 (1536x640)";
  /**
   * Diffusion precision. Advanced. One of "default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2".
   * @defaultValue "fp8_e4m3fn"
   */
  diffusion_precision?: "default" | "fp8_e4m3fn" | "fp8_e4m3fn_fast" | "fp8_e5m2";
  /** Use Gemini for vision instead of Ollama. Advanced. @defaultValue false */
  vision_provider?: boolean;
}

/**
 * Runs the flow `animal_clothing`: Animal Clothing. Gives images (node 48). Tags: general, animals,
 * clothing.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { animalClothing } from "visionatrix-client/flows/animal_clothing";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const file = await (await fetch("https://example.com/input")).blob();
 * const { files } = await animalClothing(client, { person_image: file, image_of_clothes: file }).result();
 * ```
 */
export const animalClothing: Flow<AnimalClothingParams, "image"> = /* @__PURE__ */ defineFlow(
  "animal_clothing",
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
      name: "person_image",
      type: "file",
      label: "Person or animal",
      required: true,
      accept: "image/*",
    },
    { name: "image_of_clothes", type: "file", required: true, accept: "image/*" },
    {
      name: "aspect_ratio",
      type: "choice",
      label: "Aspect Ratio",
      default: "2:3 (832x1216)",
      choices: [
        "1:1 (1024x1024)",
        "2:3 (832x1216)",
        "3:4 (896x1152)",
        "5:8 (768x1216)",
        "9:16 (768x1344)",
        "9:19 (704x1472)",
        "9:21 (640x1536)",
        "3:2 (1216x832)",
        "4:3 (1152x896)",
        "8:5 (1216x768)",
        "16:9 (1344x768)",
        "20:11 (1280x704)",
        "19:9 (1472x704)",
        "21:9 (1536x640)",
      ],
      advanced: true,
    },
    {
      name: "diffusion_precision",
      type: "choice",
      default: "fp8_e4m3fn",
      choices: ["default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2"],
      advanced: true,
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
    title: "Animal Clothing",
    tags: ["general", "animals", "clothing"],
    version: "1.3.4",
    outputs: [{ node: 48, kind: "image" }],
  },
);

// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import {
  defineFlow,
  fileInputs,
  type FileInput,
  type Flow,
  type SeedParam,
  type StandardParams,
} from "../../src/index.js";

/** Parameters of the flow `ask_ai_internal`. */
export interface AskAiInternalParams extends StandardParams, SeedParam {
  /** Prompt. @defaultValue "hello my dear friend" */
  prompt?: string;
  /** System Prompt. */
  system_prompt?: string;
  /** Image 1. A file of type image/*. */
  image_1?: FileInput<"image">;
  /** Image 2. A file of type image/*. */
  image_2?: FileInput<"image">;
  /** Image 3. A file of type image/*. */
  image_3?: FileInput<"image">;
  /** Use Gemini for vision instead of Ollama. @defaultValue false */
  use_gemini?: boolean;
  /** Temperature. From 0 to 1. In steps of 0.01. @defaultValue 0 */
  temperature?: number;
  /** Number of tokens to generate. From 1024 to 131072. In steps of 1. @defaultValue 4096 */
  num_predict?: number;
}

/**
 * Runs the flow `ask_ai_internal`.
 *
 * @example
 * ```ts
 * import { createClient } from "visionatrix-client";
 * import { askAiInternal } from "visionatrix-client/flows/ask_ai_internal";
 *
 * const client = createClient({ baseUrl: "http://localhost:8288" });
 * const { files } = await askAiInternal(client, { prompt: "a lighthouse at dawn" }).result();
 * ```
 */
export const askAiInternal: Flow<AskAiInternalParams> = /* @__PURE__ */ defineFlow(
  "ask_ai_internal",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    { name: "prompt", type: "text", default: "hello my dear friend" },
    { name: "system_prompt", type: "text", label: "System Prompt" },
    { name: "image_1", type: "file", accept: "image/*" },
    { name: "image_2", type: "file", accept: "image/*" },
    { name: "image_3", type: "file", accept: "image/*" },
    {
      name: "use_gemini",
      type: "boolean",
      label: "Use Gemini for vision instead of Ollama",
      default: false,
    },
    { name: "temperature", type: "number", default: 0, min: 0, max: 1, step: 0.01 },
    {
      name: "num_predict",
      type: "number",
      label: "Number of tokens to generate",
      default: 4096,
      min: 1024,
      max: 131072,
      step: 1,
    },
  ],
  { fileInputs },
);

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
  /** Image 1. Advanced. A file of type image/*. */
  image_1?: FileInput<"image">;
  /** Image 2. Advanced. A file of type image/*. */
  image_2?: FileInput<"image">;
  /** Image 3. Advanced. A file of type image/*. */
  image_3?: FileInput<"image">;
  /** Use Gemini for vision instead of Ollama. Advanced. @defaultValue false */
  use_gemini?: boolean;
  /** Temperature. Advanced. From 0 to 1. In steps of 0.01. @defaultValue 0 */
  temperature?: number;
  /**
   * Number of tokens to generate. Advanced. From 1024 to 131072. In steps of 1.
   * @defaultValue 4096
   */
  num_predict?: number;
}

/**
 * Runs the flow `ask_ai_internal`: Ask AI (Internal). Meant for the server's own use. Gives texts
 * (node 54). Tags: text, llm.
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
export const askAiInternal: Flow<AskAiInternalParams, "text"> = /* @__PURE__ */ defineFlow(
  "ask_ai_internal",
  [
    "group_scope",
    "priority",
    "child_task",
    "webhook_url",
    "webhook_headers",
    "seed",
    { name: "prompt", type: "text", default: "hello my dear friend", translatable: true },
    { name: "system_prompt", type: "text", label: "System Prompt", translatable: true },
    { name: "image_1", type: "file", accept: "image/*", advanced: true },
    { name: "image_2", type: "file", accept: "image/*", advanced: true },
    { name: "image_3", type: "file", accept: "image/*", advanced: true },
    {
      name: "use_gemini",
      type: "boolean",
      label: "Use Gemini for vision instead of Ollama",
      default: false,
      advanced: true,
    },
    { name: "temperature", type: "number", default: 0, min: 0, max: 1, step: 0.01, advanced: true },
    {
      name: "num_predict",
      type: "number",
      label: "Number of tokens to generate",
      default: 4096,
      min: 1024,
      max: 131072,
      step: 1,
      advanced: true,
    },
  ],
  {
    fileInputs,
    title: "Ask AI (Internal)",
    tags: ["text", "llm"],
    version: "1.1.0",
    outputs: [{ node: 54, kind: "text" }],
  },
);

/**
 * `visionatrix-ai-provider`: flows as image models of the AI SDK.
 * @module visionatrix-ai-provider
 */
export {
  createVisionatrix,
  type VisionatrixProvider,
  type VisionatrixSettings,
} from "./provider.js";
export type { FlowOptions, ModelSettings, VisionatrixImageModel } from "./model.js";
export type { ImageMetadata } from "./pictures.js";

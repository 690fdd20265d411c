/**
 * `visionatrix-codegen` as a library: descriptions → flow models → snapshots.
 * @module visionatrix-codegen
 */
export { CodegenError, type ErrorDetails } from "./errors.js";
export { readDescription, readModel } from "./model/read.js";
export type { LeaveOut, LeftOut } from "./model/left-out.js";
export type {
  FlowFacts,
  FlowModel,
  Model,
  OutputKind,
  OutputModel,
  ParameterFlags,
  ParameterKind,
  ParameterModel,
} from "./model/flow.js";
export { writeCanonical } from "./canonical/write.js";
export type { Config } from "./config/config.js";

/**
 * `visionatrix-client/node`: features that need a file system.
 * @module visionatrix-client/node
 */
export { fileFromPath } from "./file-from-path.js";
export { limitOpenFiles } from "./open-files.js";
export { pathWithin } from "./path-within.js";
export { saveFiles } from "./save-files.js";
export type { Collision, SaveOptions, SaveProgress } from "./save-options.js";
export { rerun, type SideCar } from "./side-car.js";
export { stopOnSignals } from "./stop-on-signals.js";

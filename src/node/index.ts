/** `visionatrix-client/node`: what needs a file system. */
export { fileFromPath } from "./file-from-path.js";
export { saveFiles, type SaveOptions } from "./save-files.js";
export { rerun, type SideCar } from "./side-car.js";
export { stopOnSignals } from "./stop-on-signals.js";

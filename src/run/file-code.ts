/**
 * The code for files, where this program carries it: generated flows that take files bring it along, so
 * that a bundler leaves it out of programs without such flows. Nothing else is kept for all clients.
 */
import type { FileInputs } from "../submit/file-inputs.js";

let loaded: FileInputs | undefined;

/** Notes that the code for files is there. */
export function loadFileInputs(fileInputs: FileInputs): void {
  loaded = fileInputs;
}

/** The code for files, for flows that were made at run time and so bring none. */
export function loadedFileInputs(): FileInputs | undefined {
  return loaded;
}

/**
 * Holds the code for files, if the program has loaded it. Generated flows that take files bring it along, so
 * that a bundler leaves it out of programs without such flows. This is the only state that all clients share.
 */
import type { FileInputs } from "../submit/file-inputs.js";

let loaded: FileInputs | undefined;

/** Registers the code for files. */
export function loadFileInputs(fileInputs: FileInputs): void {
  loaded = fileInputs;
}

/** The code for files, for flows made at run time, which bring none. */
export function loadedFileInputs(): FileInputs | undefined {
  return loaded;
}

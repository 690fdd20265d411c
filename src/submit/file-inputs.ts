/**
 * The code for file parameters: their checks, their encoding, and the sending of forms with files.
 * Generated modules of flows that take files bring it along; programs without such flows leave it out.
 */
import type { Field } from "../flow/field.js";
import { sendFiles } from "../http/upload.js";
import { fileField, type FileCall } from "../inputs/file-part.js";

/** The code for file parameters. */
export interface FileInputs {
  /** Makes the part of a form for a value. */
  readonly field: (call?: FileCall) => Field;
  /** Sends a form that has files. */
  readonly send: typeof sendFiles;
}

/** Third argument of `defineFlow` for flows that take files: `{ fileInputs }`. */
export const fileInputs: FileInputs = { field: fileField, send: sendFiles };

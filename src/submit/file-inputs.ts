/**
 * The code for file parameters: checks, encoding, and sending forms with files. Generated modules of flows
 * that take files import it; programs without such flows leave it out.
 */
import type { Field } from "../flow/field.js";
import { sendFiles } from "../http/upload.js";
import { fileField, type FileCall } from "../inputs/file-part.js";

/** The code for file parameters. */
export interface FileInputs {
  /** Creates the form field handler for files. */
  readonly field: (call?: FileCall) => Field;
  /** Sends a form with files. */
  readonly send: typeof sendFiles;
}

/** Third argument of `defineFlow` for flows that take files: `{ fileInputs }`. */
export const fileInputs: FileInputs = { field: fileField, send: sendFiles };

/** How file parameters are checked and sent. Loads for the first call that has one. */
export { fileField } from "../file-part.js";
export { sendFiles } from "../upload.js";

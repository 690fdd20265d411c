/** What to do, and to say, when something goes wrong. Loads when the first thing does. */
export { explain } from "../failure.js";
export { invalidParams } from "../hints.js";
export { recover } from "../recover.js";
export { notAFile, retried } from "../retry.js";
export { settleLater } from "../settle-later.js";
export { takeBackCreate } from "../take-back.js";
export { failureOf } from "../task-failure.js";

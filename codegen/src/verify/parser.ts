/** The TypeScript parser of ts-morph. It loads slowly, so it is used only if there are files to read back. */
import { createRequire } from "node:module";
import type * as tsMorph from "ts-morph";

// `import` would first scan its ten megabytes for exported names, which takes 50% longer.
export const { ts } = createRequire(import.meta.url)("ts-morph") as typeof tsMorph;

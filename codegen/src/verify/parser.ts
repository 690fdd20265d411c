/** The TypeScript parser included in ts-morph. Slow to load, so used only when there are files to read back. */
import { createRequire } from "node:module";
import type * as tsMorph from "ts-morph";

// `import` would first scan its ten megabytes for exported names, which takes 50% longer.
export const { ts } = createRequire(import.meta.url)("ts-morph") as typeof tsMorph;

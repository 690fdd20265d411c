/** The TypeScript parser that ts-morph brings. Slow to load: only for what has files to read back. */
import { createRequire } from "node:module";
import type * as tsMorph from "ts-morph";

// `import` would first search its ten megabytes for the names that they export: half as long again.
export const { ts } = createRequire(import.meta.url)("ts-morph") as typeof tsMorph;

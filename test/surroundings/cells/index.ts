/** All cells of the matrix. */
import type { Cell } from "../support/cell.js";
import { adapters } from "./adapters.js";
import { bundles } from "./bundles.js";
import { http } from "./http.js";
import { many } from "./many.js";
import { modules } from "./modules.js";
import { nextjs } from "./next.js";
import { runtimes } from "./runtimes.js";
import { types } from "./types.js";
import { uploads } from "./uploads.js";

export const cells: readonly Cell[] = [
  ...runtimes,
  ...uploads,
  ...http,
  ...many,
  ...modules,
  ...nextjs,
  ...adapters,
  ...bundles,
  ...types,
];

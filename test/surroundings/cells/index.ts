/** All cells of the matrix. */
import type { Cell } from "../support/cell.js";
import { http } from "./http.js";
import { runtimes } from "./runtimes.js";
import { uploads } from "./uploads.js";

export const cells: readonly Cell[] = [...runtimes, ...uploads, ...http];

/** The cells of the matrix that take seconds; `make matrix` runs them all. */
import { describe, it } from "vitest";
import { cells } from "./cells/index.js";
import { runCell } from "./support/cell.js";

describe.concurrent("the packed client works in", () => {
  for (const cell of cells.filter(({ quick }) => quick)) {
    const test = cell.cannot === undefined ? (cell.fails === undefined ? it : it.fails) : it.skip;
    test([cell.name, cell.cannot ?? cell.fails].filter(Boolean).join(": "), async () => {
      await runCell(cell);
    });
  }
});

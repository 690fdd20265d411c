/** Tables for people, whose columns line up even with Chinese text. Pure. */
import { fit, pad, widthOf } from "./width.js";

const GAP = 2;

/**
 * Rows as lines. The last column gets the remaining width, and is cut to it.
 * @param columns of the terminal; `Infinity` when there is none
 */
export function table(rows: readonly (readonly string[])[], columns: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => widthOf(row[at] ?? ""))),
  );
  return rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === row.length - 1 ? cell : pad(cell, (widths[at] ?? 0) + GAP),
    );
    return fit(cells.join("").trimEnd(), columns);
  });
}

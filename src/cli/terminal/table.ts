/** Tables for people: columns line up, also with Chinese in them. Pure. */
import { fit, pad, widthOf } from "./width.js";

const GAP = 2;

/**
 * Rows as lines. The last column gets what is left; where that is too little, it is cut.
 * @param columns of the terminal; `Infinity` where there is none
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

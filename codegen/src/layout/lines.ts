/** Width and indentation of generated lines. */
import { columns } from "./columns.js";

/** Line width in columns. A single longer text is not broken. */
export const WIDTH = 100;

/** Whether pieces fit on one line, at a level of indentation. */
export function fits(level: number, ...pieces: readonly string[]): boolean {
  let width = 2 * level;
  for (const piece of pieces) {
    width += columns(piece);
    if (width > WIDTH) return false;
  }
  return true;
}

/** The start of a new line at a level of indentation. */
export function newLine(level: number): string {
  return `\n${"  ".repeat(level)}`;
}

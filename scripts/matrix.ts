/**
 * Runs the packed client in every supported environment, and prints a table. Third-party packages that a cell
 * needs are installed once, into a cache in the temporary folder.
 * Run: make matrix, or npx tsx scripts/matrix.ts WORD… for the cells whose names hold one of the words
 */
import { cells } from "../test/surroundings/cells/index.js";
import { runCell, type Cell } from "../test/surroundings/support/cell.js";
import { shareTarballs } from "../test/surroundings/support/tarballs.js";

interface Outcome {
  readonly word: "works" | "FAILS" | "known" | "skips";
  /** Printed beside the name. */
  readonly note?: string | undefined;
  /** Printed below it. */
  readonly output?: string;
}

async function outcomeOf(cell: Cell): Promise<Outcome> {
  if (cell.cannot) return { word: "skips", note: `cannot run here: ${cell.cannot}` };
  try {
    const note = await runCell(cell);
    return cell.fails === undefined
      ? { word: "works", note }
      : { word: "FAILS", note: `works now; it was marked as failing: ${cell.fails}` };
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error);
    return cell.fails === undefined
      ? { word: "FAILS", output }
      : { word: "known", note: cell.fails, ...(process.env["VIX_VERBOSE"] && { output }) };
  }
}

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const wanted = cells.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
const removeTarballs = shareTarballs();
const counts = { works: 0, FAILS: 0, known: 0, skips: 0 };
for (const cell of wanted) {
  const start = performance.now();
  const { word, note, output } = await outcomeOf(cell);
  counts[word]++;
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  console.log(`${word}  ${seconds} s  ${cell.name}${note ? ` (${note})` : ""}`);
  if (output) console.log(output.replace(/^/gm, "    "));
}
removeTarballs();
const { works, FAILS, known, skips } = counts;
console.log(`${works} work, ${FAILS} fail, ${known} fail as known, ${skips} cannot run here`);
if (FAILS > 0) process.exitCode = 1;

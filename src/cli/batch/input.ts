/** The lines of FILE with their ids in the ledger. The whole file is checked before the first line runs. */
import { readRecords, LineError } from "./records.js";
import type { Line, LineChecker } from "./line.js";
import { CliError, EXIT } from "../exit.js";
import { plural } from "../terminal/format.js";

/** Most invalid lines reported at once. */
const MAX_PROBLEMS = 20;

/** Facts about a file whose lines are all valid. */
export interface CheckedInput {
  readonly total: number;
  /** Number of occurrences of each line, by its hash. */
  readonly counts: ReadonlyMap<string, number>;
  /** Ids of the flows. */
  readonly flows: readonly string[];
}

/**
 * Checks every line.
 * @throws CliError with the first invalid lines
 */
export async function checkInput(
  file: string,
  hasFlow: boolean,
  checker: LineChecker,
  signal: AbortSignal,
  onLine: (count: number) => void,
): Promise<CheckedInput> {
  const counts = new Map<string, number>();
  const flows = new Set<string>();
  const problems: { line: number; message: string }[] = [];
  let total = 0;
  for await (const record of readRecords(file, hasFlow)) {
    signal.throwIfAborted();
    try {
      const { hash, found } = await checker.check(record);
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
      flows.add(found.flow.id);
      onLine(++total);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      problems.push({ line: error.line, message: error.message });
      if (problems.length >= MAX_PROBLEMS) break;
    }
  }
  const [first] = problems;
  if (first) throw new WrongLines(file, problems);
  if (total === 0) throw new CliError("invalid_input", `${file} has no lines.`);
  return { total, counts, flows: [...flows] };
}

class WrongLines extends CliError {
  readonly problems: readonly object[];

  constructor(file: string, problems: readonly { line: number; message: string }[]) {
    const shown = problems.slice(0, 5).map(({ line, message }) => `line ${line}: ${message}`);
    const rest = problems.length - shown.length;
    const more = rest > 0 ? [`and ${plural(rest, "more line")}`] : [];
    super("invalid_input", `${file}, ${[...shown, ...more].join("\n")}`, {
      hint: "Nothing was created.",
    });
    this.problems = problems;
  }
}

/**
 * Reads the lines again, with their ids.
 * @throws CliError when the file has changed since the check
 */
export async function* identifiedLines(
  file: string,
  hasFlow: boolean,
  checker: LineChecker,
  { counts, total }: CheckedInput,
): AsyncGenerator<{ line: Line; id: string }, void> {
  const changed = (): CliError =>
    new CliError("input_changed", `${file} changed while the batch was running.`, {
      exitCode: EXIT.failed,
      hint: "Run the same command again to resume.",
    });
  let read = 0;
  const seen = new Map<string, number>();
  for await (const record of readRecords(file, hasFlow)) {
    const line = await checker.read(record);
    const nth = (seen.get(line.hash) ?? 0) + 1;
    if (nth > (counts.get(line.hash) ?? 0)) throw changed();
    seen.set(line.hash, nth);
    read++;
    yield { line, id: `${line.hash}-${nth}` };
  }
  if (read < total) throw changed();
}

/** Whether the file has a line with this id. */
export function hasLine({ counts }: CheckedInput, id: string): boolean {
  const at = id.lastIndexOf("-");
  return Number(id.slice(at + 1)) <= (counts.get(id.slice(0, at)) ?? 0);
}

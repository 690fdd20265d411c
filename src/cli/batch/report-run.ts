/** The report entry of a line. Pure. */
import { isDone, type Entry } from "./ledger.js";

/** A line of `report.json`. */
export interface ReportedRun {
  readonly line: number;
  readonly flow: string;
  readonly status: "done" | "failed";
  readonly taskIds: readonly number[];
  readonly seeds: readonly number[];
  /** Relative to DIR. */
  readonly files: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Totals {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

/** The report entry of a line; undefined until it has ended. */
export function runOf(entry: Entry): ReportedRun | undefined {
  const { line, flow, shots } = entry;
  const error = shots.find((shot) => shot.error !== undefined)?.error;
  if (!isDone(entry) && !error) return undefined;
  return {
    line,
    flow,
    status: isDone(entry) ? "done" : "failed",
    taskIds: shots.flatMap(({ task }) => task?.id ?? []),
    seeds: shots.flatMap(({ seed }) => seed ?? []),
    files: shots.flatMap(({ files = [] }) => files.map(({ path }) => path)),
    ...(error && { error }),
  };
}

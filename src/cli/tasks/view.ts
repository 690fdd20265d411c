/** How a wait for tasks looks: lines of a terminal, or log lines without one. Pure. */
import { barLine, type Pace } from "../terminal/bar.js";
import { oneLine } from "../terminal/clean.js";
import { plural } from "../terminal/format.js";
import type { TaskOutcome } from "../../index.js";

/** Progress of a task, as far as known. */
export type TaskView = Pick<TaskOutcome, "id" | "state" | "percent" | "trouble">;

/** Combined progress of several tasks. */
export interface Total {
  /** 0–100, the mean. */
  readonly percent: number;
  readonly done: number;
  readonly running: number;
  readonly queued: number;
  readonly failed: number;
}

export function totalOf(views: readonly TaskView[]): Total {
  const count = (...states: string[]): number =>
    views.filter(({ state }) => states.includes(state)).length;
  const failed = count("failed", "gone");
  const counted = views.filter(({ state }) => state !== "failed" && state !== "gone");
  const sum = counted.reduce((total, { percent }) => total + percent, 0);
  return {
    percent: counted.length === 0 ? 0 : sum / counted.length,
    done: count("done"),
    running: count("running", "stalled"),
    queued: count("queued"),
    failed,
  };
}

/**
 * The lines for a terminal.
 * @param ahead tasks before the first one in the queue; undefined when unknown
 */
export function waitLines(
  label: string,
  views: readonly TaskView[],
  pace: Pace,
  ahead: number | undefined,
  columns: number,
): string[] {
  const total = totalOf(views);
  const { percent, done, failed } = total;
  const facts: string[] = [];
  if (views.length > 1) facts.push(`${done} of ${views.length} done`);
  if (failed > 0) facts.push(`${failed} failed`);
  if (total.running === 0 && total.queued > 0) facts.push(queueWords(ahead));
  else {
    facts.push(...pace.rest(100));
    const rate = pace.perSecond;
    if (rate !== undefined) facts.push(`${rate < 10 ? rate.toFixed(1) : rate.toFixed()} %/s`);
  }
  if (views.some(({ state }) => state === "stalled")) facts.push("its worker stopped reporting");
  const lines = [barLine(label, percent / 100, facts, columns)];
  const trouble = views.find((view) => view.trouble !== undefined)?.trouble;
  if (trouble !== undefined) lines.push(`waiting for the server: ${oneLine(trouble.message)}`);
  return lines;
}

/** `queued, 3 tasks ahead`. */
function queueWords(ahead: number | undefined): string {
  if (ahead === undefined) return "queued";
  return ahead === 0 ? "queued, next" : `queued, ${plural(ahead, "task")} ahead`;
}

/** Whether to print a line without a terminal: at a change of state, and at every quarter. */
export function remark(
  label: string,
  views: readonly TaskView[],
  ahead: number | undefined,
): string | undefined {
  const { percent, done, running, queued, failed } = totalOf(views);
  const counts = views.length > 1 ? `, ${done} of ${views.length} done` : "";
  const failures = failed > 0 ? `, ${failed} failed` : "";
  const silent = views.some(({ trouble }) => trouble !== undefined);
  if (silent) return `${label}: the server does not answer; waiting for it`;
  if (queued > 0 && running === 0 && done + failed === 0) return `${label}: ${queueWords(ahead)}`;
  if (queued + running === 0) return undefined;
  const quarter = Math.floor(percent / 25) * 25;
  return `${label}: running, ${quarter} %${counts}${failures}`;
}

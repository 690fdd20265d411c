/** Prints the output of the commands. Reports go to stdout, everything else to stderr. */
import type { CheckReport } from "../commands/check.js";
import type { GenerateReport } from "../commands/generate.js";
import type { InitReport } from "../commands/init.js";
import type { Asked } from "../commands/pull-server.js";
import type { PullReport } from "../commands/pull.js";
import { forTerminal } from "../diff/format/escape.js";
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import type { LeftOut } from "../model/left-out.js";
import { isDone } from "../write/folder.js";

/** Prints a line without control characters, which a description may contain. */
function line(text: string): void {
  process.stdout.write(`${forTerminal(text)}\n`);
}

/** Prints a note besides the report. */
export function note(text: string): void {
  process.stderr.write(`vix-codegen: ${forTerminal(text)}\n`);
}

/** Prints a report as one line of JSON. */
export function printJson(command: string, ok: boolean, report: object): void {
  line(JSON.stringify({ ok, command, ...report }));
}

export function printPull(report: PullReport, out: string): void {
  for (const id of report.added) line(`+ ${id}`);
  for (const id of report.changed) line(`~ ${id}`);
  for (const id of report.removed) line(`- ${id}`);
  if (report.asked !== undefined) noteAsked(report.asked);
  line(`${plural(report.flows, "flow")}; ${out} ${report.written ? "written" : "is up to date"}.`);
}

/** Notes what a server did not provide, so that the snapshot's facts were kept. */
function noteAsked({ noListing, noWorkflows, stale }: Asked): void {
  if (noListing !== undefined) {
    note(
      `the server's list of flows cannot be read; names, tags and outputs are unchanged [${noListing}]`,
    );
  } else if (noWorkflows !== undefined) {
    const reason = noWorkflows === "unauthorized" ? "are for admins only" : "cannot be read";
    note(`the workflows of flows ${reason}; outputs are unchanged [${noWorkflows}]`);
  }
  if (stale.length > 0) {
    note(
      `description and list of the server differ, even when read again: ${names(stale)}; ` +
        `restart the server and pull again [stale]`,
    );
  }
}

export function printInit({ written, same }: InitReport): void {
  for (const path of written) line(`+ ${path}`);
  for (const path of same) line(`= ${path}`);
}

export function printGenerate(report: GenerateReport, out: string): void {
  printPlan(report);
  line(
    isDone(report)
      ? `${plural(report.flows, "flow")}; ${out} is up to date.`
      : `${plural(report.flows, "flow")}; ${out}: ${report.added.length} added, ` +
          `${report.changed.length} changed, ${report.removed.length} removed.`,
  );
  if (report.edited.length > 0)
    note(`had been edited by hand, now generated again: ${names(report.edited)}`);
  noteForeign(report.foreign);
}

export function printCheck(report: CheckReport, out: string): void {
  printPlan(report);
  if (isDone(report)) {
    line(`${plural(report.flows, "flow")}; ${out} matches the description.`);
  } else {
    const count = report.added.length + report.changed.length + report.removed.length;
    line(
      `${plural(count, "file")} of ${out} ${count === 1 ? "does" : "do"} not match the description.`,
    );
    note(
      `run "vix-codegen generate" with the same options, and commit what it writes [out_of_date]`,
    );
  }
  noteForeign(report.foreign);
}

function printPlan({ added, changed, removed }: CheckReport): void {
  for (const path of added) line(`+ ${path}`);
  for (const path of changed) line(`~ ${path}`);
  for (const path of removed) line(`- ${path}`);
}

function noteForeign(foreign: readonly string[]): void {
  if (foreign.length > 0) note(`not written by vix-codegen, left unchanged: ${names(foreign)}`);
}

function names(paths: readonly string[]): string {
  const shown = paths.slice(0, 20).join(", ");
  return paths.length > 20 ? `${shown} and ${paths.length - 20} more` : shown;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Prints a warning about a flow that was left out. */
export function printLeftOut({ flow, message, ...failure }: LeftOut): void {
  printDetails({ ...failure, message: `The flow ${quote(flow)} is left out. ${message}` });
}

/** Prints a failure: what happened, where, what was found there, and what to do. Never a stack trace. */
export function printFailure(error: unknown, asJson: boolean): void {
  const failure = describeFailure(error);
  const { code, message, pointer, value, hint } = failure;
  if (asJson) line(JSON.stringify({ ok: false, error: { code, message, pointer, value, hint } }));
  else printDetails(failure);
}

function printDetails({ code, message, pointer, value, hint }: Failure): void {
  const details = [
    pointer === undefined
      ? undefined
      : `  at    ${pointer === "" ? "the whole document" : pointer}`,
    value === undefined || value === "" ? undefined : `  found ${value}`,
    hint === undefined ? undefined : `  ${hint}`,
  ];
  note(`${message} [${code}]`);
  for (const detail of details) {
    if (detail !== undefined) process.stderr.write(`${forTerminal(detail)}\n`);
  }
}

type Failure = Pick<CodegenError, "code" | "message" | "pointer" | "value" | "hint">;

function describeFailure(error: unknown): Failure {
  if (error instanceof CodegenError) return error;
  return {
    code: "internal",
    message: `Unexpected: ${error instanceof Error ? error.message : String(error)}`,
    pointer: undefined,
    value: undefined,
    hint: "This is a bug in vix-codegen; please report it with the command that you ran.",
  };
}

/** Collects the flows that a command left out, prints them, and sets the exit code. */
import type { LeaveOut, LeftOut } from "../model/left-out.js";
import { printLeftOut } from "./print.js";

/** Exit code of a command that succeeded for the other flows only. */
const EXIT_LEFT_OUT = 3;

/** Collects the flows that a command leaves out; with `--strict` it leaves none out. */
export function collectLeftOut({ strict }: { readonly strict?: true }): {
  readonly leftOut: LeftOut[];
  readonly leaveOut: LeaveOut | undefined;
} {
  const leftOut: LeftOut[] = [];
  return { leftOut, leaveOut: strict ? undefined : (flow) => leftOut.push(flow) };
}

/** Warns about the flows that were left out. A failure keeps its own exit code. */
export function reportLeftOut(leftOut: readonly LeftOut[]): void {
  for (const flow of leftOut) printLeftOut(flow);
  if (leftOut.length > 0) process.exitCode ??= EXIT_LEFT_OUT;
}

/** Flows of a description that cannot be read: they are left out, so that the others can be used. */
import { CodegenError } from "../errors.js";

/** A flow that was left out, and the error that explains why. */
export interface LeftOut extends Pick<
  CodegenError,
  "code" | "message" | "pointer" | "value" | "hint"
> {
  /** Its id. */
  readonly flow: string;
}

/** Called with each unreadable flow; without it, the error is thrown. */
export type LeaveOut = (leftOut: LeftOut) => void;

/**
 * The results for the flows that `take` accepts. The error is thrown if there is no `leaveOut`, or if no flow
 * would remain.
 */
export function takeEach<Flow extends { readonly id: string }, Taken>(
  flows: readonly Flow[],
  take: (flow: Flow) => Taken,
  leaveOut: LeaveOut | undefined,
): Taken[] {
  const taken: Taken[] = [];
  const failures: { readonly flow: string; readonly error: CodegenError }[] = [];
  for (const flow of flows) {
    try {
      taken.push(take(flow));
    } catch (error) {
      if (leaveOut === undefined || !(error instanceof CodegenError)) throw error;
      failures.push({ flow: flow.id, error });
    }
  }
  const [first] = failures;
  if (first !== undefined && taken.length === 0) throw first.error;
  for (const { flow, error } of failures) {
    const { code, message, pointer, value, hint } = error;
    leaveOut?.({ flow, code, message, pointer, value, hint });
  }
  return taken;
}

/** Whether the server may carry out a request although the proxy has no answer. Pure. */
import { evidenceOf, mayExist } from "../submit/evidence.js";

/**
 * @param error how a request ended that was sent whole
 * @param count number of tasks requested
 * @param signal of the page
 */
export function mayHaveHappened(error: unknown, count: number, signal: AbortSignal): boolean {
  // The server does not notice that a request was aborted.
  return signal.aborted || mayExist(evidenceOf(error, count, undefined));
}

/** Whether the server may carry out a create although its page has left. Pure. */

/**
 * A page that is still there looks for its tasks and sends the create again when there are none; a place kept
 * for the first one would refuse that.
 * @param signal of the page; the server does not notice that it is aborted
 */
export function mayHaveHappened(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** `client.settle`: takes up a submit whose fate was unknown. */
import { adopt } from "./adopt.js";
import type { Context } from "./context.js";
import { VisionatrixError } from "./errors.js";
import type { SubmitUncertainError } from "./run-errors.js";
import type { StopOptions } from "./options.js";
import type { Run } from "./run.js";
import { settle, unsettledOf } from "./settle.js";
import { stopper } from "./stop.js";
import { stoppable } from "./submit.js";

/** Runs that have come of an error, or are about to: asking twice must not create twice. */
const settled = new WeakMap<SubmitUncertainError, Promise<Run>>();

export function settleLater(
  context: Context,
  error: SubmitUncertainError,
  options: StopOptions = {},
): Promise<Run> {
  const before = settled.get(error);
  if (before) return before;
  const run = settleNow(context, error, options);
  settled.set(error, run);
  run.catch(() => settled.delete(error));
  return run;
}

async function settleNow(
  context: Context,
  error: SubmitUncertainError,
  { signal, timeoutMs }: StopOptions,
): Promise<Run> {
  const submission = unsettledOf(error);
  if (!submission)
    throw new VisionatrixError(
      "invalid_option",
      "client.settle takes the SubmitUncertainError that a flow function has thrown.",
    );
  const stop = stopper([signal], timeoutMs, `Settling ${error.flow}`);
  try {
    const created = await stoppable(context, submission, stop.signal, (signals) =>
      settle(context, submission, error, signals, Date.now() + context.budgetMs),
    );
    return adopt(context, submission.plan, created, undefined, undefined);
  } finally {
    stop.release();
  }
}

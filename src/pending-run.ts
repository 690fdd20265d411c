/** From a call to a run: checks, submits, and stops in between if asked to. */
import type { Context } from "./context.js";
import type { Flow } from "./flow.js";
import { fillForm } from "./form.js";
import type { RunOptions, StopOptions, WaitOptions } from "./options.js";
import { leavable } from "./run.js";
import type { PendingRun, Run, RunResult } from "./run.js";
import { onAbort, stopper, unlessAborted } from "./stop.js";

/** Submits the tasks of a flow. */
export function submitFlow<Params extends object>(
  context: Context,
  flow: Flow<Params>,
  params: Params,
  options: RunOptions = {},
): PendingRun {
  const { signal, timeoutMs } = options;
  const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
  // Whoever waits for the tasks from the start may stop the submit as well.
  const left = new AbortController();

  const start = async (): Promise<Run> => {
    const stop = stopper([signal, left.signal], timeoutMs, `Submitting ${flow.id}`);
    try {
      const { fetchUrls } = context.options;
      const [planned, { adopt, submit }] = await unlessAborted(
        Promise.all([
          fillForm(flow, params, { fetchUrls, signal: stop.signal }),
          import("./later/run.js"),
        ]),
        stop.signal,
      );
      const created = await submit(context, planned, options, stop.signal);
      return adopt(context, planned, created, signal, deadline);
    } finally {
      stop.release();
    }
  };
  const run = start();

  return Object.assign(run, {
    async result(wait: WaitOptions = {}): Promise<RunResult> {
      const stop = stopper([wait.signal], wait.timeoutMs, flow.id);
      onAbort(stop.signal, () => left.abort(stop.signal.reason));
      try {
        const made = await run;
        return await made.result({ ...wait, signal: stop.signal, timeoutMs: undefined });
      } finally {
        stop.release();
      }
    },
    progress: (wait: StopOptions = {}) =>
      leavable(async (leaving) => {
        const { submittedProgress } = await import("./later/run.js");
        return submittedProgress(run, left, flow.id, wait, leaving);
      }),
  });
}

/** From a call to a run: checks, creates, and stops in between if asked to. */
import { VisionatrixError } from "../errors/errors.js";
import type { SubmitUncertainError } from "../errors/task-errors.js";
import { fillForm, type Plan } from "../flow/form.js";
import type { MediaKind } from "../flow/parameter.js";
import type { FetchUrlOptions } from "../inputs/fetch-url.js";
import { createOnce } from "../submit/create-once.js";
import { settle, unsettledOf } from "../submit/settle.js";
import { stoppable } from "../submit/stoppable.js";
import { prepare } from "../submit/submission.js";
import type { Submitting } from "../submit/submitting.js";
import { onAbort, stopper, unlessAborted } from "../time/stop.js";
import { createRun } from "./create-run.js";
import type { Flow } from "./define-flow.js";
import { loadedFileInputs } from "./file-code.js";
import { stream, submittedProgress } from "./progress.js";
import type { PendingRun, Run, RunOptions, RunResult, StopOptions, WaitOptions } from "./run.js";
import type { TaskTools } from "./scope.js";

/** What making runs works with. */
export interface RunTools extends TaskTools, Submitting {
  readonly fetchUrls: FetchUrlOptions | undefined;
}

/** Submits the tasks of a flow. */
export function submitFlow<Params extends object, Kind extends MediaKind>(
  tools: RunTools,
  flow: Flow<Params, Kind>,
  params: Params,
  options: RunOptions = {},
): PendingRun<Kind> {
  const { signal, timeoutMs, headers, onUploadProgress, allowLargeCount } = options;
  const { clock } = tools.api;
  const deadline = timeoutMs === undefined ? undefined : clock.now() + timeoutMs;
  const files = flow.fileInputs ?? loadedFileInputs();
  // Whoever waits for the tasks from the start may stop the submit as well.
  const left = new AbortController();

  const submitted = tools.open.submitting(flow.id, () => run);
  const start = async (): Promise<Run<Kind>> => {
    const stops = [signal, left.signal, tools.open.signal];
    const stop = stopper(clock, stops, timeoutMs, `Submitting ${flow.id}`);
    try {
      const call = { clock, fetchUrls: tools.fetchUrls, signal: stop.signal };
      const plan = await unlessAborted(
        fillForm(flow, params, {
          files: files?.field(call),
          random: clock.random,
          allowLargeCount,
        }),
        stop.signal,
      );
      const submission = prepare(plan, tools.known.highest, { headers, onUploadProgress, files });
      const created = await stoppable(tools, submission, stop.signal, (signals) =>
        createOnce(tools, submission, signals),
      );
      return createRun(tools, plan, created, { signal, deadline }) as Run<Kind>;
    } finally {
      stop.release();
      submitted();
    }
  };
  const run = start();

  return Object.assign(run, {
    async result(wait: WaitOptions = {}): Promise<RunResult<Kind>> {
      const stop = stopper(clock, [wait.signal], wait.timeoutMs, flow.id);
      onAbort(stop.signal, () => left.abort(stop.signal.reason));
      try {
        const made = await run;
        return await made.result({ ...wait, signal: stop.signal, timeoutMs: undefined });
      } finally {
        stop.release();
      }
    },
    progress: (wait: StopOptions = {}) =>
      stream((leaving) => submittedProgress(clock, run, left, flow.id, wait, leaving)),
  });
}

/**
 * Checks the parameters of a call and shows exactly what would be sent; sends nothing.
 * @throws InvalidParamsError with everything that is wrong
 */
export async function plan<Params extends object>(
  flow: Flow<Params>,
  params: Params,
): Promise<Plan> {
  const files = flow.fileInputs ?? loadedFileInputs();
  const planned = await fillForm(flow, params, { files: files?.field(), random: Math.random });
  const { parts } = prepare(planned, 0);
  return { ...planned, parts };
}

/** Runs that have come of an error, or are about to: asking twice must not create twice. */
const settled = new WeakMap<SubmitUncertainError, Promise<Run>>();

/** Takes up a submit whose fate was unknown; `client.settle`. */
export function settleSubmit(
  tools: RunTools,
  error: SubmitUncertainError,
  options: StopOptions = {},
): Promise<Run> {
  const before = settled.get(error);
  if (before) return before;
  const run = settleNow(tools, error, options);
  settled.set(error, run);
  run.catch(() => settled.delete(error));
  return run;
}

async function settleNow(
  tools: RunTools,
  error: SubmitUncertainError,
  { signal, timeoutMs }: StopOptions,
): Promise<Run> {
  const submission = unsettledOf(error);
  if (!submission)
    throw new VisionatrixError(
      "invalid_option",
      "client.settle takes the SubmitUncertainError that a flow function has thrown.",
    );
  const { clock } = tools.api;
  const stop = stopper(clock, [signal, tools.open.signal], timeoutMs, `Settling ${error.flow}`);
  try {
    const created = await stoppable(tools, submission, stop.signal, (signals) =>
      settle(tools, submission, error, signals, clock.now() + tools.budgetMs),
    );
    return createRun(tools, submission.plan, created, {});
  } finally {
    stop.release();
  }
}

/** Turns a call into a run: checks, creates, and stops in between on request. */
import type { CreatedTasks } from "../../generated/tasks.js";
import { VisionatrixError } from "../errors/errors.js";
import type { SubmitUncertainError } from "../errors/task-errors.js";
import { fillForm, type Plan } from "../flow/form.js";
import type { MediaKind } from "../flow/parameter.js";
import type { FetchUrlOptions } from "../inputs/fetch-url.js";
import { createOnce } from "../submit/create-once.js";
import { createByKey, runKey } from "../submit/idempotency.js";
import { settle, unsettledOf } from "../submit/settle.js";
import { stoppable } from "../submit/stoppable.js";
import { prepare, type Submission } from "../submit/submission.js";
import { guardTwins, type Guarded } from "../submit/twins.js";
import { onAbort, stopper, unlessAborted } from "../time/stop.js";
import { checkRunOptions, checkWaitOptions } from "./check-call.js";
import { createRun } from "./create-run.js";
import type { Flow } from "./define-flow.js";
import { loadedFileInputs } from "./file-code.js";
import { stream, submittedProgress } from "./progress.js";
import type { PendingRun, Run, RunOptions, RunResult, StopOptions, WaitOptions } from "./run.js";
import type { TaskTools } from "./scope.js";

/** The dependencies of making runs. */
export interface RunTools extends TaskTools {
  /** Pending creates, by the marker of their key. */
  readonly turns: Map<string, Promise<unknown>>;
  readonly fetchUrls: FetchUrlOptions | undefined;
}

/** Submits the tasks of a flow. */
export function submitFlow<Params extends object, Kind extends MediaKind>(
  tools: RunTools,
  flow: Flow<Params, Kind>,
  params: Params,
  options: RunOptions = {},
): PendingRun<Kind> {
  const { signal, timeoutMs } = options;
  const { clock } = tools.api;
  const deadline = timeoutMs === undefined ? undefined : clock.now() + timeoutMs;
  // Stopping a wait that began with the submit also stops the submit.
  const left = new AbortController();

  const submitted = tools.open.submitting(flow.id, () => run);
  const start = async (): Promise<Run<Kind>> => {
    checkRunOptions(options);
    const stops = [signal, left.signal, tools.open.signal];
    const stop = stopper(clock, stops, timeoutMs, `Submitting ${flow.id}`);
    try {
      const submission = await unlessAborted(
        submissionOf(tools, flow, params, options, stop.signal),
        stop.signal,
      );
      const created = await create(tools, submission, options, stop.signal);
      const { run, guarded } = createRun(tools, submission.plan, created, { signal, deadline });
      await guard(tools, submission, guarded, options, stop.signal);
      return run as Run<Kind>;
    } finally {
      stop.release();
      submitted();
    }
  };
  const run = start();

  return Object.assign(run, {
    async result(wait: WaitOptions = {}): Promise<RunResult<Kind>> {
      checkWaitOptions(wait);
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

/** Checks and encodes a call. */
async function submissionOf<Params extends object>(
  { api, known, fetchUrls }: RunTools,
  flow: Flow<Params>,
  params: Params,
  { headers, onUploadProgress, allowLargeCount, idempotencyKey, keyAbove }: RunOptions,
  signal: AbortSignal,
): Promise<Submission> {
  const { clock } = api;
  const files = flow.fileInputs ?? loadedFileInputs();
  const { group_scope: group = 1 } = Object(params) as { group_scope?: number };
  const key =
    idempotencyKey === undefined ? undefined : await runKey(idempotencyKey, flow.id, group);
  const plan = await fillForm(flow, params, {
    files: files?.field({ clock, fetchUrls, signal }),
    random: () => clock.random(),
    seed: key?.seed,
    allowLargeCount,
  });
  const { marker: keyMarker } = key ?? {};
  return prepare(plan, keyAbove ?? known.highest, { headers, onUploadProgress, files, keyMarker });
}

/**
 * Creates the tasks of a submission. Calls with the same key take turns, so that the second adopts the tasks
 * of the first.
 */
async function create(
  tools: RunTools,
  submission: Submission,
  options: RunOptions,
  signal: AbortSignal,
): Promise<CreatedTasks> {
  const { marker = "", keyed } = submission;
  const run = (): Promise<CreatedTasks> =>
    stoppable(tools, submission, signal, (signals) =>
      keyed && !options.firstTry
        ? createByKey(tools, submission, options, signals)
        : createOnce(tools, submission, signals),
    );
  if (!keyed) return run();
  const before = tools.turns.get(marker);
  const turn = unlessAborted(Promise.resolve(before), signal).then(run);
  // One that was stopped while it waited does not let the next one in before its time.
  const both = Promise.allSettled([before, turn]).finally(() => {
    if (tools.turns.get(marker) === both) tools.turns.delete(marker);
  });
  tools.turns.set(marker, both);
  return turn;
}

/** Guards a run against duplicate tasks, if any may arrive. */
async function guard(
  tools: RunTools,
  submission: Submission,
  guarded: Guarded,
  { firstTry, adoptOnly }: RunOptions,
  signal: AbortSignal,
): Promise<void> {
  const { keyed, fate } = submission;
  const shared = keyed && !firstTry && !adoptOnly;
  if (!fate.sentAgain && !shared) return;
  const watching = guardTwins(tools, submission, guarded);
  // Another process with the same key may have been at it in the same moment.
  if (shared) await unlessAborted(watching.look(), signal).catch(() => undefined);
}

/**
 * Checks the parameters of a call and returns exactly what would be sent. Sends nothing.
 * @throws InvalidParamsError with every problem
 */
export async function plan<Params extends object>(
  flow: Flow<Params>,
  params: Params,
  { allowLargeCount }: Pick<RunOptions, "allowLargeCount"> = {},
): Promise<Plan> {
  const files = flow.fileInputs ?? loadedFileInputs();
  const planned = await fillForm(flow, params, {
    files: files?.field(),
    random: Math.random,
    allowLargeCount,
  });
  const { parts } = prepare(planned, 0);
  return { ...planned, parts };
}

/** Runs settled, or being settled, from an error: asking twice must not create twice. */
const settled = new WeakMap<SubmitUncertainError, Promise<Run>>();

/** Settles a submit whose outcome was unknown; `client.settle`. */
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
      "client.settle takes a SubmitUncertainError that a flow function threw.",
    );
  const { clock } = tools.api;
  const stop = stopper(clock, [signal, tools.open.signal], timeoutMs, `Settling ${error.flow}`);
  try {
    const created = await stoppable(tools, submission, stop.signal, (signals) =>
      settle(
        tools,
        submission,
        { error, evidence: "reset" },
        signals,
        clock.now() + tools.budgetMs,
      ),
    );
    const { run, guarded } = createRun(tools, submission.plan, created, {});
    await guard(tools, submission, guarded, {}, stop.signal);
    return run;
  } finally {
    stop.release();
  }
}

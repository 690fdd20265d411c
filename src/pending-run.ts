/** From a call to a run: checks, submits, and stops in between if asked to. */
import type { CreatedTasks } from "../generated/tasks.js";
import { own } from "./check.js";
import type { Context } from "./context.js";
import {
  AbortError,
  TimeoutError,
  VisionatrixError,
  type Cancelled,
  type SubmitUncertainError,
} from "./errors.js";
import type { Flow } from "./flow.js";
import { plan, type Plan } from "./form.js";
import type { RunOptions, StopOptions, WaitOptions } from "./options.js";
import { createRun, type PendingRun, type Progress, type Run, type RunResult } from "./run.js";
import { stopper } from "./stop.js";
import { createTasks, prepare, verdictOf, type CreateSignals, type Submission } from "./submit.js";
import { createTask } from "./task.js";
import { CANCEL_BUDGET_MS, cancelTasks, noteCancellation } from "./wait.js";

/** Uploads above this are cut when the caller stops; smaller requests have left before. In bytes. */
const CUT_ABOVE_BYTES = 1_000_000;

/** Submits the tasks of a flow. */
export function submitFlow<Params extends object>(
  context: Context,
  flow: Flow<Params>,
  params: Params,
  { signal, timeoutMs, headers, onUploadProgress }: RunOptions = {},
): PendingRun {
  const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
  // Whoever asks for the result at once may stop the submit as well.
  const left = new AbortController();

  const start = async (): Promise<Run> => {
    const stop = stopper([signal, left.signal], timeoutMs, `Submitting ${flow.id}`);
    try {
      const planned = await plan(flow, params, Math.random, {
        fetchUrls: context.fetchUrls,
        signal: stop.signal,
      });
      const seedGiven = own(params as Record<string, unknown>, "seed") !== undefined;
      const submission = prepare(
        planned,
        context.watcher.highestId(),
        seedGiven,
        () => crypto.randomUUID(),
        onUploadProgress,
      );
      const created = await stoppable(context, submission, stop.signal, (signals) =>
        createTasks(context, submission, signals, headers),
      );
      return adopt(context, planned, created, signal, deadline);
    } finally {
      stop.release();
    }
  };
  const run = start();

  /** The run, with the stops of a wait holding for the submit too; the rest of its time is returned. */
  const submitted = async <T extends StopOptions>(wait: T): Promise<[Run, T]> => {
    const until = wait.timeoutMs === undefined ? undefined : Date.now() + wait.timeoutMs;
    const stop = stopper([wait.signal], wait.timeoutMs, `Submitting ${flow.id}`);
    const pass = (): void => left.abort(stop.signal.reason);
    if (stop.signal.aborted) pass();
    else stop.signal.addEventListener("abort", pass);
    try {
      return [await run, { ...wait, timeoutMs: until && until - Date.now() }];
    } finally {
      stop.release();
    }
  };
  return Object.assign(run, {
    result: async (wait: WaitOptions = {}): Promise<RunResult> => {
      const [made, rest] = await submitted(wait);
      return made.result(rest);
    },
    async *progress(wait: StopOptions = {}): AsyncGenerator<Progress> {
      const [made, rest] = await submitted(wait);
      yield* made.progress(rest);
    },
  });
}

/** Takes up a submit whose fate was unknown. */
export async function settleLater(
  context: Context,
  error: SubmitUncertainError,
  { signal, timeoutMs }: StopOptions = {},
): Promise<Run> {
  const { settle, unsettledOf } = await import("./settle.js");
  const known = unsettledOf(error);
  if (!known)
    throw new VisionatrixError(
      "invalid_option",
      "client.settle takes the SubmitUncertainError that a flow function has thrown.",
    );
  const { submission, headers } = known;
  const stop = stopper([signal], timeoutMs, `Settling ${error.flow}`);
  try {
    const created = await stoppable(context, submission, stop.signal, (signals) =>
      settle(context, submission, error, signals, headers, Date.now() + context.budgetMs),
    );
    return adopt(context, submission.plan, created, undefined, undefined);
  } finally {
    stop.release();
  }
}

/** Makes handles for tasks that were just created. */
function adopt(
  context: Context,
  { flow, seed, parts }: Plan,
  { tasks_ids, outputs }: CreatedTasks,
  signal: AbortSignal | undefined,
  deadline: number | undefined,
): Run {
  const params: Record<string, string> = {};
  for (const { name, value } of parts)
    if (typeof value === "string" && name !== "seed") params[name] = value;
  const tasks = tasks_ids.map((id, index) => {
    context.watcher.place(id, flow, Number(params["group_scope"] ?? 1));
    return createTask(context, id, {
      flow,
      seed: seed === undefined ? undefined : seed + index,
      params,
      outputs,
    });
  });
  return createRun({ context, tasks, owned: true, signal, deadline }, flow);
}

/**
 * Runs a create such that it rejects as soon as `stop` fires, and that what it may have created is
 * cancelled.
 */
function stoppable(
  context: Context,
  submission: Submission,
  stop: AbortSignal,
  create: (signals: CreateSignals) => Promise<CreatedTasks>,
): Promise<CreatedTasks> {
  const soft = new AbortController();
  const hard = new AbortController();
  const creating = create({ soft: soft.signal, hard: hard.signal });
  return new Promise((resolve, reject) => {
    const onStop = (): void => {
      const { reason } = stop as { reason: unknown };
      soft.abort(reason);
      if (mayBeCut(submission)) hard.abort(reason);
      const cancellation = takeBackCreate(context, submission, creating, hard, reason);
      void noteCancellation(reason, cancellation).then(() => reject(reason as Error));
    };
    if (stop.aborted) onStop();
    else stop.addEventListener("abort", onStop, { once: true });
    const end = (): void => stop.removeEventListener("abort", onStop);
    creating.then(
      (created) => {
        end();
        if (!stop.aborted) resolve(created);
      },
      (error: unknown) => {
        end();
        if (!stop.aborted) reject(error);
      },
    );
  });
}

/** Whether stopping a create now is likely to keep it from the server. */
function mayBeCut({ parts, upload }: Submission): boolean {
  if (upload.unsent !== undefined) return upload.unsent;
  const size = parts.reduce(
    (sum, { value }) => sum + (typeof value === "string" ? value.length : (value.size ?? Infinity)),
    0,
  );
  return size > CUT_ABOVE_BYTES;
}

/** Sees to it that nothing of a stopped create runs on. Takes bounded time, never throws. */
async function takeBackCreate(
  context: Context,
  submission: Submission,
  creating: Promise<CreatedTasks>,
  hard: AbortController,
  reason: unknown,
): Promise<Cancelled> {
  const late = setTimeout(() => hard.abort(reason), CANCEL_BUDGET_MS);
  try {
    const { tasks_ids } = await creating;
    if (reason instanceof AbortError || reason instanceof TimeoutError)
      Object.assign(reason, { taskIds: tasks_ids });
    return await cancelTasks(context, tasks_ids);
  } catch (error) {
    // Refused, or stopped between two tries: nothing was created.
    if (!hard.signal.aborted && verdictOf(error) !== "uncertain") return "yes";
    // The server creates nothing before it has the whole form.
    if (submission.upload.unsent) return "yes";
    const { takeBack } = await import("./settle.js");
    return await takeBack(context, submission);
  } finally {
    clearTimeout(late);
  }
}

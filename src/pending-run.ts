/** From a call to a run: checks, submits, and stops in between if asked to. */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Context } from "./context.js";
import type { AbortError, TimeoutError } from "./errors.js";
import type { Flow } from "./flow.js";
import { fillForm, type Plan } from "./form.js";
import type { RunOptions, StopOptions, WaitOptions } from "./options.js";
import {
  createRun,
  leavable,
  type PendingRun,
  type Progress,
  type Run,
  type RunResult,
} from "./run.js";
import { stopper } from "./stop.js";
import { createTasks, prepare, type CreateSignals, type Submission } from "./submit.js";
import { createTask } from "./task.js";
import { noteCancellation } from "./wait.js";

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
      const planned = await fillForm(flow, params, Math.random, {
        fetchUrls: context.fetchUrls,
        signal: stop.signal,
      });
      stop.signal.throwIfAborted();
      const submission = prepare(planned, context.watcher.highestId(), headers, onUploadProgress);
      const created = await stoppable(context, submission, stop.signal, (signals) =>
        createTasks(context, submission, signals),
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
    progress(wait: StopOptions = {}): AsyncGenerator<Progress, void> {
      const leaving = new AbortController();
      const stop = stopper([wait.signal, leaving.signal], undefined, "");
      const stream = async function* (): AsyncGenerator<Progress, void> {
        try {
          const [made, rest] = await submitted({ ...wait, signal: stop.signal });
          yield* made.progress(rest);
        } finally {
          stop.release();
        }
      };
      return leavable(stream(), leaving);
    },
  });
}

/** Tasks of one client that are remembered as its own. */
const REMEMBERED = 10_000;

function remember(ids: Set<number>, id: number): void {
  ids.add(id);
  if (ids.size > REMEMBERED) ids.delete(ids.values().next().value as number);
}

/** Makes handles for tasks that were just created. */
export function adopt(
  context: Context,
  { flow, seed, parts }: Plan,
  { tasks_ids, outputs }: CreatedTasks,
  signal: AbortSignal | undefined,
  deadline: number | undefined,
): Run {
  const params: Record<string, string> = {};
  for (const { name, value } of parts)
    if (typeof value === "string" && name !== "seed" && name !== "webhook_headers")
      params[name] = value;
  const tasks = tasks_ids.map((id, index) => {
    remember(context.adopted, id);
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
export function stoppable(
  context: Context,
  submission: Submission,
  stop: AbortSignal,
  create: (signals: CreateSignals) => Promise<CreatedTasks>,
): Promise<CreatedTasks> {
  const soft = new AbortController();
  const hard = new AbortController();
  const creating = create({ soft: soft.signal, hard: hard.signal });
  return new Promise((resolve, reject) => {
    const onStop = async (): Promise<void> => {
      const reason = stop.reason as AbortError | TimeoutError;
      soft.abort(reason);
      await noteCancellation(reason, async () => {
        const { takeBackCreate } = await import("./take-back.js");
        return takeBackCreate(context, submission, creating, hard, reason);
      });
      reject(reason);
    };
    const follow = (): void => void onStop();
    if (stop.aborted) follow();
    else stop.addEventListener("abort", follow);
    creating
      .finally(() => stop.removeEventListener("abort", follow))
      .then(
        (created) => stop.aborted || resolve(created),
        (error: unknown) => stop.aborted || reject(error),
      );
  });
}

/**
 * Creates the tasks of a call, once. The server has no idempotency key, so a create whose answer was
 * lost is never simply repeated: `recover.ts`, which loads then, looks for what came of it.
 */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Sized } from "./api.js";
import type { Context } from "./context.js";
import type { AbortError, TimeoutError } from "./errors.js";
import type { FormPart, Plan } from "./form.js";
import type { RunOptions } from "./options.js";
import { noteCancellation } from "./run.js";
import { unlessAborted } from "./stop.js";
import type { UploadInit, UploadState } from "./upload.js";
import { withMarker } from "./webhook-fields.js";

/** A create request, and what is needed to recognise its tasks. */
export interface Submission {
  readonly plan: Plan;
  readonly parts: readonly FormPart[];
  /** Highest id known before it was sent; its tasks have higher ones. */
  readonly above: number;
  /** Value of the header that marks it; undefined where the seed is proof enough. */
  readonly marker: string | undefined;
  /** What is known of its tasks; changes. */
  readonly fate: {
    /** An answer was lost: tasks may be there that nobody has named. */
    mayExist: boolean;
  };
  /** Headers of the caller's for this request. */
  readonly headers: RunOptions["headers"];
  /** How far its upload is, where it has files. */
  readonly upload: UploadState;
}

/** How a create is stopped. */
export interface CreateSignals {
  /** Ends pauses and further tries, but lets a request that is under way be answered. */
  readonly soft: AbortSignal;
  /** Ends the request itself, after which only looking tells what came of it. */
  readonly hard: AbortSignal;
}

/**
 * Makes tasks findable, at no cost where a seed was drawn for them: 31 random bits in a task of the same
 * flow with the same parameters and a later id are proof. Else a marker goes into `webhook_headers`.
 */
export function prepare(
  plan: Plan,
  above: number,
  headers?: RunOptions["headers"],
  onProgress?: RunOptions["onUploadProgress"],
): Submission {
  const { parts, marker } = plan.seedDrawn
    ? { parts: plan.parts, marker: undefined }
    : withMarker(plan.parts);
  return { plan, parts, marker, above, fate: { mayExist: false }, headers, upload: { onProgress } };
}

/** Encodes a form of texts; the platform adds the boundary. `upload.ts` does those with files. */
function toFormData(parts: readonly FormPart[]): FormData {
  const form = new FormData();
  for (const { name, value } of parts) form.append(name, value as string);
  return form;
}

/** Sends a create, once, and leaves time before the deadline to look for tasks if its answer is lost. */
export async function sendCreate(
  { api }: Context,
  { plan, headers, upload }: Submission,
  parts: readonly FormPart[],
  signal: AbortSignal,
  deadline: number,
): Promise<CreatedTasks> {
  const timeoutMs = (deadline - Date.now()) / 2;
  const create = (
    { via, headers: needed, ...body }: UploadInit,
    stop: AbortSignal,
    limitMs: number,
  ): Promise<Sized<CreatedTasks>> =>
    api.json(
      stop,
      (init) =>
        api.http.PUT("/vapi/tasks/create/{name}", {
          ...init,
          params: { path: { name: plan.flow } },
          ...(body as { body: never }),
          bodySerializer: (form) => form,
          headers: { ...headers, ...needed },
        }),
      { key: "tasks_ids", timeoutMs: limitMs, via },
    );
  const { data } = parts.every(({ value }) => typeof value === "string")
    ? await create({ body: toFormData(parts) }, signal, timeoutMs)
    : // How long no byte may move is limited there.
      await (
        await import("./later/files.js")
      ).sendFiles(parts, upload, signal, timeoutMs, (init, stop) => create(init, stop, Infinity));
  return data;
}

/**
 * Creates the tasks of a plan, within the budget.
 * @throws SubmitUncertainError when it cannot be told whether tasks were created; the reason of `stop` as
 * soon as it fires
 */
export function submit(
  context: Context,
  plan: Plan,
  { headers, onUploadProgress }: RunOptions,
  stop: AbortSignal,
): Promise<CreatedTasks> {
  const submission = prepare(plan, context.known.highest, headers, onUploadProgress);
  stop.throwIfAborted();
  return stoppable(context, submission, stop, (signals) =>
    createTasks(context, submission, signals),
  );
}

/**
 * Creates the tasks of a submission, within the budget.
 * @throws SubmitUncertainError when it cannot be told whether tasks were created
 */
async function createTasks(
  context: Context,
  submission: Submission,
  signals: CreateSignals,
): Promise<CreatedTasks> {
  const deadline = Date.now() + context.budgetMs;
  try {
    return await sendCreate(context, submission, submission.parts, signals.hard, deadline);
  } catch (error) {
    const { recover } = await import("./later/trouble.js").catch(() => {
      throw error;
    });
    return recover(context, submission, signals, deadline, error);
  }
}

/**
 * Runs a create such that it rejects as soon as `stop` fires, and that what it may have created is
 * cancelled.
 */
export async function stoppable(
  context: Context,
  submission: Submission,
  stop: AbortSignal,
  create: (signals: CreateSignals) => Promise<CreatedTasks>,
): Promise<CreatedTasks> {
  const soft = new AbortController();
  const hard = new AbortController();
  const creating = create({ soft: soft.signal, hard: hard.signal }).finally(() => {
    // A source that is left open keeps its connection, and with it the process.
    for (const { value } of submission.parts) if (typeof value !== "string") value.release?.();
  });
  try {
    return await unlessAborted(creating, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
    const reason = stop.reason as AbortError | TimeoutError;
    soft.abort(reason);
    await noteCancellation(reason, async () => {
      const { takeBackCreate } = await import("./later/trouble.js");
      return takeBackCreate(context, submission, creating, hard, reason);
    });
    throw reason;
  }
}

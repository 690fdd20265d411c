/**
 * Creates the tasks of a call, once. The server has no idempotency key, so a create whose answer was
 * lost is never simply repeated: `recover.ts`, which loads then, looks for what came of it.
 */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Sized } from "./api.js";
import type { Context } from "./context.js";
import type { Flow } from "./flow.js";
import { fillForm, toFormData, type FormPart, type Plan } from "./form.js";
import type { RunOptions } from "./options.js";
import type { UploadInit, UploadState } from "./upload.js";

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
export async function prepare(
  plan: Plan,
  above: number,
  headers?: RunOptions["headers"],
  onProgress?: RunOptions["onUploadProgress"],
): Promise<Submission> {
  const { parts, marker } = plan.seedDrawn
    ? { parts: plan.parts, marker: undefined }
    : (await import("./webhook-fields.js")).withMarker(plan.parts);
  return { plan, parts, marker, above, fate: { mayExist: false }, headers, upload: { onProgress } };
}

/**
 * Checks the parameters of a call and shows exactly what would be sent; sends nothing.
 * @throws InvalidParamsError with everything that is wrong
 */
export async function plan<Params extends object>(
  flow: Flow<Params>,
  params: Params,
): Promise<Plan> {
  const planned = await fillForm(flow, params);
  const { parts } = await prepare(planned, 0);
  return { ...planned, parts };
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
        await import("./upload.js")
      ).sendFiles(parts, upload, signal, timeoutMs, (init, stop) => create(init, stop, Infinity));
  return data;
}

/**
 * Creates the tasks of a submission, within the budget.
 * @throws SubmitUncertainError when it cannot be told whether tasks were created
 */
export async function createTasks(
  context: Context,
  submission: Submission,
  signals: CreateSignals,
): Promise<CreatedTasks> {
  const deadline = Date.now() + context.budgetMs;
  try {
    return await sendCreate(context, submission, submission.parts, signals.hard, deadline);
  } catch (error) {
    const { recover } = await import("./recover.js").catch(() => {
      throw error;
    });
    return recover(context, submission, signals, deadline, error);
  }
}

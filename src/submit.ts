/**
 * Creates the tasks of a call, once. The server has no idempotency key, so a create whose answer was
 * lost is never simply repeated: `recover.ts`, which loads then, looks for what came of it.
 */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Context } from "./context.js";
import type { Flow } from "./flow.js";
import { fillForm, toFormData, type FormPart, type Plan } from "./form.js";
import type { RunOptions } from "./options.js";
import type { UploadState } from "./upload.js";

/** Header name inside `webhook_headers` by which a create is found again. */
export const MARKER_HEADER = "x-client-ref";

/** A create request, and what is needed to recognise its tasks. */
export interface Submission {
  readonly plan: Plan;
  readonly parts: readonly FormPart[];
  /** Highest id known before it was sent; its tasks have higher ones. */
  readonly above: number;
  /** Value of `MARKER_HEADER`; undefined where the seed is proof enough. */
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
 * flow with the same parameters and a later id are proof. Else a marker goes into `webhook_headers`,
 * which the server stores and shows, and without a URL sends to nobody.
 */
export function prepare(
  plan: Plan,
  above: number,
  headers: RunOptions["headers"],
  onProgress?: RunOptions["onUploadProgress"],
): Submission {
  const upload = { onProgress };
  const fate = { mayExist: false };
  if (plan.seedDrawn)
    return { plan, parts: plan.parts, above, marker: undefined, fate, headers, upload };
  // Not `randomUUID`, which browsers keep from pages that came over plain HTTP.
  const marker = [...crypto.getRandomValues(new Uint32Array(4))]
    .map((n) => n.toString(36))
    .join("");
  const given = plan.parts.find(({ name }) => name === "webhook_headers");
  const merged = {
    ...(given && (JSON.parse(given.value as string) as object)),
    [MARKER_HEADER]: marker,
  };
  return {
    plan,
    parts: [
      ...plan.parts.filter((part) => part !== given),
      { name: "webhook_headers", value: JSON.stringify(merged) },
    ],
    above,
    marker,
    fate,
    headers,
    upload,
  };
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
  return { ...planned, parts: prepare(planned, 0, undefined).parts };
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
  if (parts.every(({ value }) => typeof value === "string"))
    return api.create(plan.flow, { body: toFormData(parts) }, signal, timeoutMs, headers);
  const { sendFiles } = await import("./upload.js");
  return sendFiles(parts, upload, signal, timeoutMs, (init, stop) =>
    api.create(plan.flow, init, stop, Infinity, headers),
  );
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
    // However long an upload took, there is time to look what came of it.
    const until = submission.upload.unsent === undefined ? deadline : Date.now() + context.budgetMs;
    return recover(context, submission, signals, until, error);
  }
}

/**
 * Creates the tasks of a call, once. The server has no idempotency key, so a create whose answer was
 * lost is never simply repeated: `settle.ts` looks for what came of it.
 */
import type { CreatedTasks } from "../generated/tasks.js";
import type { Context } from "./context.js";
import {
  ConnectionError,
  HttpError,
  InvalidResponseError,
  type VisionatrixError,
} from "./errors.js";
import type { FormPart, Plan } from "./form.js";
import type { RunOptions } from "./options.js";
import { retryDelay } from "./pace.js";
import { sleep } from "./stop.js";
import type { UploadState } from "./upload.js";

/** Header name inside `webhook_headers` by which a create is found again. */
export const MARKER_HEADER = "x-client-ref";

/** Longest pause between two tries, in ms. */
const MAX_PAUSE_MS = 5000;

/** How long a server that never answered this client is tried, in ms: its address may be wrong. */
const FIRST_CONTACT_MS = 3000;

/** A create request, and what is needed to recognise its tasks. */
export interface Submission {
  readonly plan: Plan;
  readonly parts: readonly FormPart[];
  /** Highest id known before it was sent; its tasks have higher ones. */
  readonly above: number;
  /** Value of `MARKER_HEADER`; undefined where the seed is proof enough. */
  readonly marker: string | undefined;
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

/** What to do after a create that was not answered with task ids. */
export type Verdict = "retry" | "uncertain" | "final";

/** Reads a failed create: could it have created tasks, and may it be sent again? */
export function verdictOf(error: unknown): Verdict {
  if (error instanceof ConnectionError) return error.neverSent ? "retry" : "uncertain";
  if (error instanceof InvalidResponseError)
    return error.code === "redirected" ? "final" : "uncertain";
  if (!(error instanceof HttpError)) return "final";
  const { status } = error;
  // A proxy answers 502 and 504 also when the server got the request.
  if (status === 502 || status === 504) return "uncertain";
  return status === 429 || status === 503 ? "retry" : "final";
}

/**
 * Makes tasks findable, at no cost where a seed was drawn for them: 31 random bits in a task of the same
 * flow with the same parameters and a later id are proof. Else a marker goes into `webhook_headers`,
 * which the server stores and shows, and without a URL sends to nobody.
 */
export function prepare(
  plan: Plan,
  above: number,
  seedGiven: boolean,
  uuid: () => string,
  onUploadProgress?: RunOptions["onUploadProgress"],
): Submission {
  const upload = { onProgress: onUploadProgress };
  if (plan.seed !== undefined && !seedGiven)
    return { plan, parts: plan.parts, above, marker: undefined, upload };
  const marker = uuid();
  const given = plan.parts.find(({ name }) => name === "webhook_headers");
  const headers = {
    ...(given && (JSON.parse(given.value as string) as Record<string, string>)),
    [MARKER_HEADER]: marker,
  };
  return {
    plan,
    parts: [
      ...plan.parts.filter((part) => part !== given),
      { name: "webhook_headers", value: JSON.stringify(headers) },
    ],
    above,
    marker,
    upload,
  };
}

/**
 * Sends a create until it is answered, within the budget.
 * @throws SubmitUncertainError when it cannot be told whether tasks were created
 */
export async function createTasks(
  context: Context,
  submission: Submission,
  signals: CreateSignals,
  headers: RunOptions["headers"],
): Promise<CreatedTasks> {
  const { api, logger, budgetMs } = context;
  const start = Date.now();
  for (let failures = 0; ; failures++) {
    let error: VisionatrixError;
    try {
      return await api.create(
        submission.plan.flow,
        submission.parts,
        signals.hard,
        budgetMs,
        headers,
        submission.upload,
      );
    } catch (thrown) {
      error = thrown as VisionatrixError;
    }
    const verdict = verdictOf(error);
    // A refusal may come after the first of several tasks.
    const partial = submission.plan.count > 1 && error instanceof HttpError;
    if (!signals.soft.aborted && (verdict === "uncertain" || (verdict === "final" && partial))) {
      const { settle } = await import("./settle.js");
      return settle(context, submission, error, signals, headers, start + budgetMs);
    }
    const pause =
      (error instanceof HttpError ? error.retryAfterMs : undefined) ??
      retryDelay(failures, Math.random(), MAX_PAUSE_MS);
    const patience = api.answered() ? budgetMs : Math.min(budgetMs, FIRST_CONTACT_MS);
    if (verdict === "final" || Date.now() - start + pause > patience) throw error;
    logger.warn(
      `submitting ${submission.plan.flow} again in ${Math.round(pause)} ms: ${error.message}`,
    );
    await sleep(pause, signals.soft);
  }
}

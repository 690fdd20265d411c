/** A create request, and what is needed to send it again or to recognise its tasks. */
import type { FormPart } from "../flow/field.js";
import type { Plan } from "../flow/form.js";
import type { UploadState } from "../http/upload-stream.js";
import type { FileInputs } from "./file-inputs.js";
import { withMarker } from "./marker.js";

export interface Submission {
  readonly plan: Plan;
  readonly parts: readonly FormPart[];
  /** Highest id known before it was sent; its tasks have higher ones. 0 where none was known. */
  readonly above: number;
  /** Value of the header that marks it; undefined where the seed is proof enough. */
  readonly marker: string | undefined;
  /** Whether it has an idempotency key, so that other processes may create the same tasks. */
  readonly keyed: boolean;
  /** What is known of its tasks; changes. */
  readonly fate: {
    /** An answer was lost: tasks may be there that nobody has named. */
    mayExist: boolean;
    /** A create was sent after one whose answer was lost, so that tasks may be there twice. */
    sentAgain: boolean;
  };
  /** Headers of the caller's for this request. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** How far its upload is, where it has files. */
  readonly upload: UploadState;
  /** The code that sends files, where it has some. */
  readonly files: FileInputs | undefined;
}

/** What a submission is made from, beside its plan. */
export interface SubmissionOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly onUploadProgress?: UploadState["onProgress"];
  readonly files?: FileInputs | undefined;
  /** The marker that an idempotency key gives. */
  readonly keyMarker?: string | undefined;
}

/**
 * Makes tasks findable, at no cost where a seed was drawn for them: 31 random bits in a task of the same
 * flow with the same parameters and a later id are proof. Else a marker goes into `webhook_headers`.
 */
export function prepare(
  plan: Plan,
  above: number,
  { headers, onUploadProgress, files, keyMarker }: SubmissionOptions = {},
): Submission {
  const { parts, marker } =
    plan.seedDrawn && keyMarker === undefined
      ? { parts: plan.parts, marker: undefined }
      : withMarker(plan.parts, keyMarker);
  return {
    plan,
    parts,
    marker,
    above,
    keyed: keyMarker !== undefined,
    fate: { mayExist: false, sentAgain: false },
    headers,
    upload: { onProgress: onUploadProgress },
    files,
  };
}

/** Lets go of what the files of a submission come from: an open source keeps the process alive. */
export function releaseSources({ parts }: Submission): void {
  for (const { value } of parts) if (typeof value !== "string") value.release?.();
}

/** A create request, and what is needed to send it again or to recognise its tasks. */
import type { FormPart } from "../flow/field.js";
import type { Plan } from "../flow/form.js";
import type { UploadState } from "../http/upload-stream.js";
import type { FileInputs } from "./file-inputs.js";
import { withMarker } from "./marker.js";

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
}

/**
 * Makes tasks findable, at no cost where a seed was drawn for them: 31 random bits in a task of the same
 * flow with the same parameters and a later id are proof. Else a marker goes into `webhook_headers`.
 */
export function prepare(
  plan: Plan,
  above: number,
  { headers, onUploadProgress, files }: SubmissionOptions = {},
): Submission {
  const { parts, marker } = plan.seedDrawn
    ? { parts: plan.parts, marker: undefined }
    : withMarker(plan.parts);
  return {
    plan,
    parts,
    marker,
    above,
    fate: { mayExist: false },
    headers,
    upload: { onProgress: onUploadProgress },
    files,
  };
}

/** Lets go of what the files of a submission come from: an open source keeps the process alive. */
export function releaseSources({ parts }: Submission): void {
  for (const { value } of parts) if (typeof value !== "string") value.release?.();
}

/** A create request, with everything needed to send it again or to recognise its tasks. */
import type { FormPart } from "../flow/field.js";
import type { Plan } from "../flow/form.js";
import type { UploadState } from "../http/upload-stream.js";
import type { FileInputs } from "./file-inputs.js";
import { withMarker } from "./marker.js";

export interface Submission {
  readonly plan: Plan;
  readonly parts: readonly FormPart[];
  /** Highest id known before it was sent; its tasks have higher ones. 0 when none was known. */
  readonly above: number;
  /** Value of the marker header; undefined when the seed is proof enough. */
  readonly marker: string | undefined;
  /** Whether it has an idempotency key, so that other processes may create the same tasks. */
  readonly keyed: boolean;
  /** What is known about its tasks; mutable. */
  readonly fate: {
    /** A response was lost: unknown tasks may exist. */
    mayExist: boolean;
    /** A create was sent after one whose response was lost, so tasks may exist twice. */
    sentAgain: boolean;
  };
  /** The caller's headers for this request. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Upload state, if it has files. */
  readonly upload: UploadState;
  /** The code that sends files, if it has any. */
  readonly files: FileInputs | undefined;
}

/** What a submission is made from, besides its plan. */
export interface SubmissionOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly onUploadProgress?: UploadState["onProgress"];
  readonly files?: FileInputs | undefined;
  /** The marker derived from an idempotency key. */
  readonly keyMarker?: string | undefined;
}

/**
 * Makes tasks findable, at no cost if a seed was drawn for them: the same flow and parameters, a later id,
 * and 31 matching random bits are proof. Otherwise a marker goes into `webhook_headers`.
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

/** Releases the file sources of a submission: an open source keeps the process alive. */
export function releaseSources({ parts }: Submission): void {
  for (const { value } of parts) if (typeof value !== "string") value.release?.();
}

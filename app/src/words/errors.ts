/** What went wrong, in the words of somebody who sees a page and no program. Pure. */
import { HttpError, VisionatrixError, type ParamProblem, type Parameter } from "visionatrix-client";
import type { Translate, Word } from "./words.js";

export interface Told {
  readonly text: string;
  /** What the server said, for those who look after it. */
  readonly details?: string;
}

const BY_CODE: Readonly<Record<string, Word>> = {
  not_reachable: "error.unreachable",
  busy: "error.unreachable",
  connection_lost: "error.uncertain",
  submit_uncertain: "error.uncertain",
  timeout: "error.uncertain",
  flow_not_installed: "error.tooOld",
  task_gone: "error.gone",
  task_not_found: "error.gone",
  not_found: "error.gone",
  file_unreadable: "error.file",
  file_changed: "error.file",
  empty_file: "error.file",
  source_broken: "error.file",
  task_failed: "error.taskFailed",
  server_error: "error.server",
  bad_request: "error.server",
};

export function told(error: unknown, t: Translate): Told {
  const code = error instanceof VisionatrixError ? error.code : "";
  const details = error instanceof HttpError ? error.detail : "";
  return {
    text: t(BY_CODE[code] ?? (error instanceof HttpError ? "error.server" : "error.other")),
    ...(details && { details }),
  };
}

/** A problem with one field, as it stands below the field. */
export function problemText({ rule }: ParamProblem, parameter: Parameter, t: Translate): string {
  const { type, min, max, step } = parameter;
  switch (rule) {
    case "required":
      return t(type === "file" ? "problem.requiredFile" : "problem.required");
    case "type":
      return t(type === "integer" ? "problem.integer" : "problem.number");
    case "integer":
      return t("problem.integer");
    case "range":
      return max === undefined
        ? t("problem.atLeast", { min: min ?? 0 })
        : t("problem.range", { min: min ?? 0, max });
    case "step":
      return t("problem.step", { step: step ?? 1 });
    case "length":
      return t("problem.length");
    case "large":
      return t("problem.large");
    case "kind":
    case "empty":
      return t("problem.kind");
    default:
      return t("problem.other");
  }
}

/** What a file parameter takes. */
import type { Rule } from "./check.js";
import type { Parameter } from "./flow.js";
import type { MediaKind } from "./media.js";

/**
 * Points at a file of an earlier task, so that flows chain without moving bytes. Plain data: it can be
 * stored as JSON and used later.
 */
export interface FileReference<Kind extends MediaKind = MediaKind> {
  readonly task_id: number;
  /** Output node of the task. */
  readonly node_id?: number;
  /** Which of the task's input files, from 0. */
  readonly input_index?: number;
  /** Set by `ResultFile.reference()`; not sent. */
  readonly kind?: Kind;
}

/** A file parameter: bytes, a data URL, or a reference to a file of an earlier task. */
export type FileInput<Kind extends MediaKind = MediaKind> =
  Blob | ArrayBuffer | ArrayBufferView | `data:${string}` | FileReference<Kind>;

/** A file part of the form, or the JSON of a reference. */
export type FilePart = File | string;

/** The rule that a file parameter's value breaks, if any. */
export function brokenFileRule({ accept }: Parameter, value: unknown): Rule | undefined {
  if (typeof value === "string") return value.startsWith("data:") ? undefined : "path";
  const bytes = sizeOf(value);
  if (bytes !== undefined) return bytes === 0 ? "empty" : undefined;
  if (!isReference(value)) return "type";
  const kind = accept?.split("/")[0];
  return value.kind && kind && !value.kind.startsWith(kind) ? "kind" : undefined;
}

export function isReference(value: unknown): value is FileReference {
  const { task_id, node_id, input_index } = value as FileReference;
  return Number.isInteger(task_id) && Number.isInteger(node_id ?? input_index);
}

function sizeOf(value: unknown): number | undefined {
  if (value instanceof Blob) return value.size;
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value.byteLength : undefined;
}

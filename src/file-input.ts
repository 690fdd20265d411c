/** What a file parameter takes, and how it becomes a form part. */
import type { Parameter } from "./flow.js";
import { extensionFor, extensionOf, sniff, SNIFF_BYTES, type MediaKind } from "./media.js";

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

/** Says what is wrong with a file parameter's value, if anything. */
export function refuseFile(
  { accept }: Parameter,
  value: unknown,
): [rule: string, fault: string] | undefined {
  if (typeof value === "string")
    return value.startsWith("data:")
      ? undefined
      : [
          "type",
          "is a string; give bytes, a data: URL, `await fileFromPath(path)` from visionatrix-client/node for a file on disk, or `file.reference()` for a file of an earlier task",
        ];
  const bytes = sizeOf(value);
  if (bytes === 0) return ["empty", "is an empty file"];
  if (bytes !== undefined) return undefined;
  if (!isReference(value)) return ["type", "is neither a file nor a reference to one"];
  const kind = accept?.split("/")[0];
  return value.kind && kind && !value.kind.startsWith(kind)
    ? ["kind", `takes ${accept}, and the reference points at a file of kind ${value.kind}`]
    : undefined;
}

function isReference(value: unknown): value is FileReference {
  const { task_id, node_id, input_index } = value as FileReference;
  return Number.isInteger(task_id) && Number.isInteger(node_id ?? input_index);
}

function sizeOf(value: unknown): number | undefined {
  if (value instanceof Blob) return value.size;
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value.byteLength : undefined;
}

/** Makes the form part of a file parameter that passed `refuseFile`. */
export async function filePart(parameter: string, value: FileInput): Promise<FilePart> {
  if (typeof value === "object" && isReference(value)) {
    const { task_id, node_id, input_index } = value;
    return JSON.stringify(
      input_index === undefined ? { task_id, node_id } : { task_id, input_index },
    );
  }
  const blob =
    typeof value === "string"
      ? fromDataUrl(value)
      : value instanceof Blob
        ? value
        : new Blob([value as BlobPart]);
  const name = blob instanceof File ? blob.name : "";
  if (extensionOf(name)) return blob as File;
  // The server keeps nothing of a name but its extension, and engines choose their reader by it.
  const head = new Uint8Array(await blob.slice(0, SNIFF_BYTES).arrayBuffer());
  const extension = extensionFor(blob.type) || sniff(head);
  return new File([blob], extension ? `${parameter}.${extension}` : parameter, { type: blob.type });
}

function fromDataUrl(url: string): Blob {
  const [, type = "", base64, body = ""] = /^data:([^;,]*)[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  const text = base64 ? atob(body) : decodeURIComponent(body);
  const bytes = base64 ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : text;
  return new Blob([bytes], { type });
}

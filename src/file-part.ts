/** A file parameter → the part of the form that carries it. Loaded only for flows that take files. */
import { isReference, type FileInput, type FilePart } from "./file-input.js";
import { extensionFor, extensionOf, sniff, SNIFF_BYTES } from "./media.js";

/** Makes the form part of a file parameter that passed `brokenFileRule`. */
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

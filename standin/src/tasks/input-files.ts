/** The files of a form, uploaded or referred to, as a task keeps them. */
import type { StoredBlob } from "../blobs.js";
import type { Flow } from "../flows/flow.js";
import { BareError, HttpError } from "../http/errors.js";
import type { FilePart, Form } from "../http/multipart.js";
import {
  extensionOf,
  readReference,
  type Reference,
  type ReferenceSource,
  resolveReference,
} from "./references.js";
import type { TaskStore } from "./store.js";
import type { InputFile } from "./task.js";

/** Where the files of a form are read from. */
export interface FileRequest extends ReferenceSource {
  readonly flow: Flow;
  readonly form: Form;
}

/** A file parameter of the form: an upload, or a reference already read. */
export type FileSource =
  | { readonly name: string; readonly upload: FilePart }
  | { readonly name: string; readonly reference: Reference };

export function readFileSources(request: FileRequest): FileSource[] {
  const fileInputs = new Set(
    request.flow.inputs.filter((input) => input.kind === "file").map((input) => input.name),
  );
  const sources: FileSource[] = [];
  for (const name of request.form.names()) {
    if (!fileInputs.has(name)) continue;
    const part = request.form.get(name);
    if (part?.kind === "file") sources.push({ name, upload: part });
    if (part?.kind === "text") {
      sources.push({ name, reference: readReference(part.value, request) });
    }
  }
  return sources;
}

/** Data URLs given as a file: recognised only if the marker is among the first 30 bytes. */
async function decodeDataUrl(blob: StoredBlob, store: TaskStore): Promise<StoredBlob> {
  const head = await store.blobs.slice(blob, 0, 30);
  const marker = head.indexOf("base64,");
  if (marker === -1) return store.blobs.share(blob);
  const text = (await store.blobs.read(blob)).toString("latin1", marker + "base64,".length);
  if (!isPadded(text)) throw new BareError("Incorrect padding");
  return store.blobs.put(Buffer.from(text, "base64"));
}

/** Whether Python's base64 module accepts it: it ignores other characters, but the padding must be right. */
function isPadded(text: string): boolean {
  const letters = text.replace(/[^A-Za-z0-9+/]/g, "").length;
  const padding = text.length - text.replaceAll("=", "").length;
  return letters % 4 !== 1 && padding >= (4 - (letters % 4)) % 4;
}

/**
 * Keeps the files for a task.
 *
 * @throws HttpError if one is missing, or is not where a reference says
 */
export async function storeInputs(
  request: FileRequest,
  id: number,
  sources: readonly FileSource[],
): Promise<InputFile[]> {
  const given = new Set(sources.map((source) => source.name));
  for (const input of request.flow.inputs) {
    if (input.mandatory && !given.has(input.name)) {
      throw new HttpError(400, `The parameter '${input.name}' is required, but missing.`);
    }
  }
  const files: InputFile[] = [];
  try {
    for (const source of sources) {
      const { blob, extension } =
        "upload" in source
          ? {
              blob: await decodeDataUrl(source.upload.blob, request.store),
              extension: extensionOf(source.upload.filename),
            }
          : await resolveReference(source.name, source.reference, request);
      files.push({ input: source.name, name: `${id}_${source.name}${extension}`, blob });
    }
    return files;
  } catch (error) {
    for (const file of files) request.store.blobs.release(file.blob);
    throw error;
  }
}

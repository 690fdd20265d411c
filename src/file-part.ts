/** A file parameter → the part of the form that carries it. Loaded only for flows that take files. */
import { isStream, sourceOf, streamOf, type ByteSource } from "./byte-source.js";
import { VisionatrixError } from "./errors.js";
import type { FetchUrlOptions } from "./fetch-url.js";
import {
  brokenFileRule,
  fromDataUrl,
  isReference,
  isUrlInput,
  type FileInput,
} from "./file-input.js";
import type { Parameter } from "./flow.js";
import type { FieldKind, FilePart } from "./form.js";
import { extensionFor, extensionOf, mediaTypeFor, sniff, SNIFF_BYTES } from "./media.js";

/** How addresses are fetched. Left out, they are not: a plan sends nothing. */
export interface FileContext {
  readonly fetchUrls?: FetchUrlOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How file parameters are checked and sent. */
export const fileField: FieldKind = { brokenRule: brokenFileRule, encode };

/** Makes the form part of a file parameter that passed its check. */
async function encode(
  { name: parameter }: Parameter,
  given: unknown,
  context?: FileContext,
): Promise<FilePart | string> {
  const value = given as FileInput;
  if (typeof value === "string") return blobPart(parameter, fromDataUrl(value));
  if (value instanceof Blob) return blobPart(parameter, value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return blobPart(parameter, new Blob([value as BlobPart]));
  if (value instanceof Response) return responsePart(parameter, value, context?.signal);
  if (isStream(value)) {
    const what = `The stream of \`${parameter}\``;
    const source = sourceOf(value, what);
    return sourcePart(parameter, source, nameOfStream(value), "", undefined, context?.signal);
  }
  if (isUrlInput(value)) return urlPart(parameter, new URL(value.url), context);
  if (isReference(value)) {
    const { task_id, node_id, input_index } = value;
    return JSON.stringify(
      input_index === undefined ? { task_id, node_id } : { task_id, input_index },
    );
  }
  return value;
}

async function blobPart(parameter: string, blob: Blob): Promise<FilePart> {
  const given = blob instanceof File ? blob.name : "";
  if (extensionOf(given)) return blob as File;
  const head = async (): Promise<Uint8Array> =>
    new Uint8Array(await blob.slice(0, SNIFF_BYTES).arrayBuffer());
  const name = await partName(parameter, given, blob.type, head);
  return new File([blob], name, { type: blob.type });
}

async function sourcePart(
  parameter: string,
  source: ByteSource,
  given: string,
  type: string,
  size: number | undefined,
  signal: AbortSignal | undefined,
): Promise<FilePart> {
  const head = await orStop(source.peek(SNIFF_BYTES), signal);
  if (head.length === 0)
    throw new VisionatrixError(
      "empty_file",
      `\`${parameter}\` is an empty file: its stream ended without a byte.`,
    );
  const name = await partName(parameter, given, type, () => Promise.resolve(head));
  return { name, type, size, stream: () => streamOf(source.chunks()) };
}

function responsePart(
  parameter: string,
  response: Response,
  signal: AbortSignal | undefined,
): Promise<FilePart> {
  const what = `The answer of ${response.url || "the server"} for \`${parameter}\``;
  const { headers } = response;
  return sourcePart(
    parameter,
    sourceOf(response.body as ReadableStream<Uint8Array>, what),
    nameInUrl(response.url),
    headers.get("content-type") ?? "",
    lengthOf(headers),
    signal,
  );
}

async function urlPart(
  parameter: string,
  url: URL,
  context: FileContext | undefined,
): Promise<FilePart> {
  const given = nameInUrl(url.href);
  if (!context)
    return {
      name: given || parameter,
      type: "",
      size: undefined,
      stream: () => {
        throw new TypeError("A plan does not fetch.");
      },
    };
  const { fetchUrl } = await import("./fetch-url.js");
  const fetched = await fetchUrl(url, context.fetchUrls, context.signal);
  const part = await sourcePart(
    parameter,
    fetched.source,
    nameInUrl(fetched.url) || given,
    fetched.type,
    fetched.size,
    context.signal,
  );
  // An address can be asked again, where a stream cannot.
  const again = async function* (): AsyncGenerator<Uint8Array> {
    const { source } = fetched.source.isSpent()
      ? await fetchUrl(url, context.fetchUrls, context.signal)
      : fetched;
    yield* source.chunks();
  };
  return { ...part, stream: () => streamOf(again()) };
}

/** A stream may never bring a byte; a caller who stops does not wait for it. */
function orStop<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** A length is true only of a body that is not compressed. */
export function lengthOf(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.get("content-encoding") ? undefined : Number(length);
}

/**
 * The server keeps nothing of a name but its extension, and engines choose their reader by it: from the
 * name, else the media type, else the bytes.
 */
async function partName(
  parameter: string,
  given: string,
  type: string,
  head: () => Promise<Uint8Array>,
): Promise<string> {
  if (extensionOf(given)) return given;
  return `${given || parameter}.${extensionFor(type) || sniff(await head()) || "bin"}`;
}

/** Streams that Node opened from a path know it. */
function nameOfStream(stream: object): string {
  const { path } = stream as { path?: unknown };
  return typeof path === "string" ? (path.split(/[/\\]/).at(-1) ?? "") : "";
}

function nameInUrl(url: string): string {
  try {
    const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
    // `picture.php` is no name of a picture.
    return mediaTypeFor(extensionOf(name)) === "application/octet-stream" ? "" : name;
  } catch {
    return "";
  }
}

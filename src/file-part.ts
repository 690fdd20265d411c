/** A file parameter → the part of the form that carries it. Loaded only for flows that take files. */
import { isStream, sourceOf, streamOf, type ByteSource } from "./byte-source.js";
import { holdFor, releaseAll } from "./call-sources.js";
import { VisionatrixError } from "./errors.js";
import type { Fetched, FetchUrlOptions } from "./fetch-url.js";
import {
  brokenFileRule,
  fromDataUrl,
  isReference,
  isUrlInput,
  type FileInput,
} from "./file-input.js";
import type { Parameter } from "./flow.js";
import type { FieldKind, FilePart } from "./form.js";
import { orChanged } from "./multipart.js";
import { extensionFor, extensionOf, mediaTypeFor, sniff, SNIFF_BYTES } from "./media.js";

/** One call. Left out for a plan, which sends nothing: it fetches no address, and keeps streams open. */
export interface FileContext {
  /** How addresses are fetched. */
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
  try {
    return await partOf(parameter, given as FileInput, context);
  } catch (error) {
    // The call ends here, and with it the parts that were made for it.
    if (context) releaseAll(context);
    throw error;
  }
}

async function partOf(
  parameter: string,
  value: FileInput,
  context: FileContext | undefined,
): Promise<FilePart | string> {
  if (typeof value === "string") return blobPart(parameter, fromDataUrl(value));
  if (value instanceof Blob) return blobPart(parameter, value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return blobPart(parameter, new Blob([value as BlobPart]));
  if (value instanceof Response) return responsePart(parameter, value, context);
  if (isStream(value)) {
    const source = sourceOf(value, `The stream of \`${parameter}\``);
    const facts = { name: nameOfStream(value), type: "", size: undefined };
    return streamPart(parameter, source, facts, context);
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
    new Uint8Array(await orChanged(blob.slice(0, SNIFF_BYTES).arrayBuffer(), parameter));
  const name = await partName(parameter, given, blob.type, head);
  return new File([blob], name, { type: blob.type });
}

/** What is known of the bytes of a source. */
interface SourceFacts {
  /** Without an extension where none is known, or empty. */
  readonly name: string;
  readonly type: string;
  readonly size: number | undefined;
}

async function sourcePart(
  parameter: string,
  source: ByteSource,
  { name: given, type, size }: SourceFacts,
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

/** A stream of the caller's, which other calls may read as well. */
async function streamPart(
  parameter: string,
  source: ByteSource,
  facts: SourceFacts,
  context: FileContext | undefined,
): Promise<FilePart> {
  const release = context && holdFor(context, source.hold());
  const part = await sourcePart(parameter, source, facts, context?.signal);
  return { ...part, ...(release && { release }) };
}

function responsePart(
  parameter: string,
  response: Response,
  context: FileContext | undefined,
): Promise<FilePart> {
  const { headers, url, body } = response;
  const what = `The answer of ${url || "the server"} for \`${parameter}\``;
  return streamPart(
    parameter,
    sourceOf(body as ReadableStream<Uint8Array>, what),
    {
      name: nameInUrl(url),
      type: headers.get("content-type") ?? "",
      size: lengthOf(headers),
    },
    context,
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
  let { fetched, release } = await openUrl(url, context);
  const part = await sourcePart(
    parameter,
    fetched.source,
    { ...fetched, name: nameInUrl(fetched.url) || given },
    context.signal,
  );
  // An address can be asked again, where a stream cannot.
  const again = async function* (): AsyncGenerator<Uint8Array> {
    if (fetched.source.isSpent()) {
      release();
      ({ fetched, release } = await openUrl(url, context));
    }
    yield* fetched.source.chunks();
  };
  return { ...part, stream: () => streamOf(again()), release: () => release() };
}

/** Fetches a file for a call; letting go of it ends the connection, also where it stalls. */
async function openUrl(
  url: URL,
  context: FileContext,
): Promise<{ fetched: Fetched; release: () => void }> {
  const { fetchUrl } = await import("./fetch-url.js");
  const closing = new AbortController();
  const fetching = fetchUrl(url, context.fetchUrls, closing.signal);
  const release = holdFor(context, () => {
    closing.abort(context.signal?.reason);
    fetching.then(
      ({ source }) => source.cancel(),
      () => undefined,
    );
  });
  return { fetched: await fetching, release };
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
  const length = headers.get("content-length") ?? "";
  const packing = headers.get("content-encoding") || "identity";
  return /^\d+$/.test(length) && packing === "identity" ? Number(length) : undefined;
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

/** Converts the value of a file parameter to its form part. */
import type { Bytes } from "../bytes/bytes.js";
import { extensionFor, extensionOf, mediaTypeFor, sniff, SNIFF_BYTES } from "../bytes/media.js";
import { isStream, streamOf } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import type { Field, FilePart } from "../flow/field.js";
import type { Clock } from "../time/clock.js";
import { unlessAborted } from "../time/stop.js";
import { bytesOfBlob, streamOfBlob, type BlobLike } from "./blob-bytes.js";
import { sourceOf, type ByteSource } from "./byte-source.js";
import { orChanged } from "./changed-file.js";
import { fromDataUrl } from "./data-url.js";
import { fetchUrl, lengthOf, type Fetched, type FetchUrlOptions } from "./fetch-url.js";
import { sourceKind, type AnswerInput } from "./file-input.js";
import { describeFileProblem } from "./file-problems.js";
import { brokenFileRule } from "./file-rules.js";
import { CallSources } from "./call-sources.js";

/** One call that sends files. A plan has none: it fetches no address, and leaves streams open. */
export interface FileCall {
  readonly clock: Clock;
  /** Limits for fetching addresses. */
  readonly fetchUrls?: FetchUrlOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A call, and what it has opened. */
interface Call extends FileCall {
  readonly open: CallSources;
}

/** How a call's file parameters are checked, sent, and described in errors. */
export function fileField(fileCall?: FileCall): Field {
  const call = fileCall && { ...fileCall, open: new CallSources(fileCall.signal) };
  return {
    brokenRule: brokenFileRule,
    describe: describeFileProblem,
    async encode({ name }, value) {
      try {
        return await partOf(name, value, call);
      } catch (error) {
        // The call ends here, and its parts with it.
        call?.open.releaseAll();
        throw error;
      }
    },
  };
}

async function partOf(
  parameter: string,
  given: unknown,
  call: Call | undefined,
): Promise<FilePart | string> {
  const source = sourceKind(given);
  switch (source?.kind) {
    case "data": {
      const { type, bytes } = fromDataUrl(source.value);
      return bytesPart(parameter, bytes, type);
    }
    case "bytes":
      return bytesPart(parameter, copyOf(source.value), "");
    case "blob":
      return blobPart(parameter, source.value);
    case "answer":
      return answerPart(parameter, source.value, call);
    case "stream": {
      const { value } = source;
      const facts = { name: nameOfStream(value), type: "", size: undefined };
      return streamPart(parameter, sourceOf(value, `The stream of \`${parameter}\``), facts, call);
    }
    case "url":
      return urlPart(parameter, new URL(source.value.url), call);
    case "reference": {
      const { task_id, node_id, input_index } = source.value;
      return JSON.stringify(
        input_index === undefined ? { task_id, node_id } : { task_id, input_index },
      );
    }
    default:
      throw new TypeError("A file parameter that was not checked cannot be sent.");
  }
}

/** Bytes are copied, so that later writes by the caller do not change what is sent. */
function copyOf(value: ArrayBuffer | ArrayBufferView): Bytes {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
    : new Uint8Array(value).slice();
}

async function bytesPart(parameter: string, bytes: Bytes, type: string): Promise<FilePart> {
  const name = await partName(parameter, "", type, () => Promise.resolve(bytes));
  return {
    name,
    type,
    size: bytes.length,
    stream: () =>
      streamOf(
        (async function* () {
          yield await Promise.resolve(bytes);
        })(),
      ),
  };
}

async function blobPart(parameter: string, blob: BlobLike): Promise<FilePart> {
  const head = async (): Promise<Uint8Array> =>
    orChanged(bytesOfBlob(blob.slice(0, SNIFF_BYTES)), parameter);
  const given = typeof blob.name === "string" ? blob.name : "";
  const name = await partName(parameter, given, blob.type, head);
  return { name, type: blob.type, size: blob.size, blob, stream: () => streamOfBlob(blob) };
}

/** What is known about the bytes of a source. */
interface SourceFacts {
  /** Without an extension when none is known; may be empty. */
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
  // A stream may never bring a byte; an abort must not wait for it.
  const peeked = source.peek(SNIFF_BYTES);
  const head = await (signal ? unlessAborted(peeked, signal) : peeked);
  if (head.length === 0)
    throw new VisionatrixError(
      "empty_file",
      `\`${parameter}\` is an empty file: its stream ended without a byte.`,
    );
  const name = await partName(parameter, given, type, () => Promise.resolve(head));
  return { name, type, size, stream: () => streamOf(source.chunks()) };
}

/** A stream of the caller, which other calls may read too. */
async function streamPart(
  parameter: string,
  source: ByteSource,
  facts: SourceFacts,
  call: Call | undefined,
): Promise<FilePart> {
  const release = call?.open.hold(source.hold());
  const part = await sourcePart(parameter, source, facts, call?.signal);
  return { ...part, ...(release && { release }) };
}

function answerPart(
  parameter: string,
  answer: AnswerInput,
  call: Call | undefined,
): Promise<FilePart> {
  const { headers, url = "", body } = answer;
  const what = `The response of ${url || "the server"} for \`${parameter}\``;
  return streamPart(
    parameter,
    sourceOf(isStream(body) ? body : wholeBody(answer), what),
    { name: nameInUrl(url), type: headers.get("content-type") ?? "", size: lengthOf(headers) },
    call,
  );
}

/** A response that cannot be read chunk by chunk. */
async function* wholeBody(answer: AnswerInput): AsyncGenerator<Uint8Array> {
  const whole = await answer.arrayBuffer?.();
  if (whole) yield new Uint8Array(whole);
}

async function urlPart(parameter: string, url: URL, call: Call | undefined): Promise<FilePart> {
  const given = nameInUrl(url.href);
  if (!call)
    return {
      name: given || parameter,
      type: "",
      size: undefined,
      stream: () => {
        throw new TypeError("A plan does not fetch.");
      },
    };
  let { fetched, release } = await openUrl(url, call);
  const part = await sourcePart(
    parameter,
    fetched.source,
    { ...fetched, name: nameInUrl(fetched.url) || given },
    call.signal,
  );
  // An address can be fetched again; a stream cannot.
  const again = async function* (): AsyncGenerator<Uint8Array> {
    if (fetched.source.isSpent()) {
      release();
      ({ fetched, release } = await openUrl(url, call));
    }
    yield* fetched.source.chunks();
  };
  return { ...part, stream: () => streamOf(again()), release: () => release() };
}

/** Fetches a file for a call. Releasing it ends the connection, even a stalled one. */
async function openUrl(
  url: URL,
  { clock, fetchUrls, signal, open }: Call,
): Promise<{ fetched: Fetched; release: () => void }> {
  const closing = new AbortController();
  const fetching = fetchUrl(clock, url, fetchUrls, closing.signal);
  const release = open.hold(() => {
    closing.abort(signal?.reason);
    fetching.then(
      ({ source }) => source.cancel(),
      () => undefined,
    );
  });
  return { fetched: await fetching, release };
}

/**
 * The server keeps only the extension of a name, and engines choose their reader by it. It comes from the
 * name, else from the media type, else from the bytes.
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

/** Node streams opened from a path know that path. */
function nameOfStream(stream: object): string {
  const { path } = stream as { path?: unknown };
  return typeof path === "string" ? (path.split(/[/\\]/).at(-1) ?? "") : "";
}

function nameInUrl(url: string): string {
  try {
    const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
    // `picture.php` is not the name of an image.
    return mediaTypeFor(extensionOf(name)) === "application/octet-stream" ? "" : name;
  } catch {
    return "";
  }
}

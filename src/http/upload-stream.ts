/** The body of an upload as a stream that is read while it is sent. */
import { bodyReader } from "../bytes/body-reader.js";
import { streamOf } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import { orChanged } from "../inputs/changed-file.js";
import type { IdleLimit } from "../time/idle-limit.js";
import { Answer } from "./answer.js";
import type { Sending } from "./api.js";
import { badFetch, type Fetch, type FetchInit } from "./fetch.js";
import { AFTER_FILE, type EncodedFile, type EncodedForm } from "./multipart.js";

/** Bytes sent of a form with files, including its few bytes of part headers. */
export interface UploadProgress {
  readonly loaded: number;
  /** Undefined when the length of a stream is unknown. */
  readonly total: number | undefined;
}

/** The upload state of a create. */
export interface UploadState {
  /** Called as the body is sent. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * True while part of the body has certainly not been sent; the server creates nothing before it has the
   * whole form. `"unknown"` when the platform does not report progress.
   */
  unsent?: boolean | "unknown";
}

/** How one form is sent. */
export interface UploadBody {
  readonly form: Sending;
  /** The error that broke the body, if any: the platform only reports that it broke. */
  readonly failure: () => unknown;
}

/** Chunk size in bytes. Small, so that reported progress is not far ahead of the truth. */
const PIECE_BYTES = 128 * 1024;

export function streamedBody(form: EncodedForm, state: UploadState, limit: IdleLimit): UploadBody {
  let failure: unknown;
  let loaded = 0;

  async function* counted(): AsyncGenerator<Uint8Array> {
    loaded = 0;
    try {
      limit.pause();
      for await (const chunk of formChunks(form, limit.signal)) {
        for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
          limit.restart();
          const piece = chunk.subarray(at, at + PIECE_BYTES);
          yield piece;
          // The next chunk was requested, so this one was taken.
          loaded += piece.length;
          state.onProgress?.({ loaded, total: form.size });
        }
        limit.pause();
      }
      state.unsent = false;
      limit.restart();
    } catch (error) {
      failure = error;
      throw error;
    }
  }

  state.unsent = true;
  const FixedLengthStream = fixedLengthStream();
  return {
    failure: () => failure,
    form: {
      headers: {
        "content-type": form.type,
        ...(form.size !== undefined && { "content-length": String(form.size) }),
      },
      duplex: "half",
      // Workers do not support it, and keep no copy either.
      ...(!FixedLengthStream && { redirect: "error" }),
      via: async (url, init, next, plain) => {
        const body = bodyOf(counted(), form.size, plain);
        let answer: unknown;
        try {
          answer = await next(url, { ...init, body });
        } catch (error) {
          if (limit.signal.aborted || !mentionsRedirect(error)) throw error;
          return whereTo(url, init, next);
        }
        if (new Answer(answer).ok && state.unsent === true)
          throw badFetch(
            `it read only ${loaded} of the form's ${form.size ?? "many"} bytes, so the server got something else`,
          );
        return answer;
      },
    },
  };
}

/**
 * Converts a stream to what the `fetch` in use accepts: web streams for the platform's own, Node streams for
 * others in Node.
 */
export function bodyOf(
  chunks: AsyncGenerator<Uint8Array>,
  size: number | undefined,
  plain: boolean,
): unknown {
  const Readable = plain ? undefined : nodeReadable();
  if (Readable) return Readable.from(chunks, { objectMode: false });
  const FixedLengthStream = fixedLengthStream();
  const stream = streamOf(chunks);
  return FixedLengthStream && size !== undefined
    ? stream.pipeThrough(new FixedLengthStream(size))
    : stream;
}

interface ReadableClass {
  from(chunks: AsyncIterable<Uint8Array>, options: { objectMode: boolean }): object;
}

/** Node's own stream class, if the platform's `fetch` accepts its streams too. */
function nodeReadable(): ReadableClass | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const stream = process?.getBuiltinModule?.("node:stream") as
    { Readable: ReadableClass } | undefined;
  if (!stream) return undefined;
  async function* nothing(): AsyncGenerator<Uint8Array> {}
  try {
    const probe = new Response(stream.Readable.from(nothing(), { objectMode: false }) as BodyInit);
    return probe.headers.has("content-type") ? undefined : stream.Readable;
  } catch {
    return undefined;
  }
}

/** A stream of known length; only Workers have it. */
function fixedLengthStream():
  (new (length: number) => TransformStream<Uint8Array, Uint8Array>) | undefined {
  return (globalThis as { FixedLengthStream?: ReturnType<typeof fixedLengthStream> })
    .FixedLengthStream;
}

/** The bytes of a form, including its files. */
export async function* formChunks(
  form: EncodedForm,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const piece of form.pieces) {
    // Not checked with `instanceof`, because test environments have a Uint8Array of another realm.
    if ("head" in piece) {
      yield piece.head;
      yield* exactly(piece, signal);
      yield AFTER_FILE;
    } else yield piece;
  }
}

/** A file's bytes; any other number than announced would corrupt the form. */
async function* exactly(
  { file, field }: EncodedFile,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { size } = file;
  const reader = bodyReader(file.stream(), signal);
  let sent = 0;
  try {
    for (;;) {
      const value = await orChanged(reader.read(), field);
      if (!value) break;
      sent += value.length;
      if (size !== undefined && sent > size) throw wrongLength(field, size, "more");
      yield value;
    }
    if (size !== undefined && sent < size) throw wrongLength(field, size, `only ${sent}`);
  } finally {
    reader.cancel();
  }
}

/** The error for a file whose length differs from the announced one. */
export function wrongLength(field: string, size: number, has: string): VisionatrixError {
  return new VisionatrixError(
    "file_changed",
    `The file of \`${field}\` should have ${size} bytes, but has ${has}: it changed during the upload, or its stated length was wrong. Nothing was created.`,
  );
}

function mentionsRedirect(error: unknown): boolean {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  return /redirect/i.test(`${message} ${code}`) || (cause != null && mentionsRedirect(cause));
}

/**
 * The target of a redirect that an upload met. The platform refuses to follow it and does not report the
 * target, so the address is requested again without a body.
 */
async function whereTo(url: string, { headers, signal }: FetchInit, next: Fetch): Promise<unknown> {
  const { authorization } = headers;
  const answer = await next(url, {
    method: "GET",
    headers: authorization === undefined ? {} : { authorization },
    redirect: "manual",
    cache: "no-store",
    signal: signal as AbortSignal,
  }).catch(() => undefined);
  if (answer) new Answer(answer).discard();
  return answer && answer.status >= 300 && answer.status < 400
    ? answer
    : { status: 307, headers: {}, body: null };
}

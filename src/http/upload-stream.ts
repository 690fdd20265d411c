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

/** How much of a form with files has left, in bytes, its few bytes of headings included. */
export interface UploadProgress {
  readonly loaded: number;
  /** Undefined where the length of a stream is not known. */
  readonly total: number | undefined;
}

/** What is known of the upload of a create. */
export interface UploadState {
  /** Called as the body leaves. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * True while some of the body has surely not left; the server creates nothing before it has all.
   * `"unknown"` where the platform sends and does not tell.
   */
  unsent?: boolean | "unknown";
}

/** How one form is sent. */
export interface UploadBody {
  readonly form: Sending;
  /** What broke the body, where something did: the platform only says that it broke. */
  readonly failure: () => unknown;
}

/** Handed on at once, in bytes. Small, so that what is reported as sent is not far ahead of the truth. */
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
          // Asked for more: this much has been taken.
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
      // Workers know no such thing, and keep no copy either.
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
            `it was given a form of ${form.size ?? "many"} bytes and took ${loaded}, so that the server has another one`,
          );
        return answer;
      },
    },
  };
}

/**
 * A stream in the shape that the `fetch` in use takes: the platform's own takes web streams, and others
 * in Node take streams of Node's.
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

/** Node's own class of streams, where the platform's `fetch` takes its streams as well. */
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

/** The bytes of a form, its files included. */
export async function* formChunks(
  form: EncodedForm,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const piece of form.pieces) {
    // Test environments have a Uint8Array of another realm, so it is not asked for by its class.
    if ("head" in piece) {
      yield piece.head;
      yield* exactly(piece, signal);
      yield AFTER_FILE;
    } else yield piece;
  }
}

/** A file's bytes; more or fewer than announced would corrupt the form. */
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

/** The error for a file of another length than it said. */
export function wrongLength(field: string, size: number, has: string): VisionatrixError {
  return new VisionatrixError(
    "file_changed",
    `The file of \`${field}\` was to have ${size} bytes, but has ${has}: it changed while it was sent, or its length was not true. Nothing was created.`,
  );
}

function mentionsRedirect(error: unknown): boolean {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  return /redirect/i.test(`${message} ${code}`) || (cause != null && mentionsRedirect(cause));
}

/**
 * Where an upload that met a redirect should have gone: the platform refuses to follow and does not
 * tell, so the address is asked again, without a body.
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

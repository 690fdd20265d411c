/**
 * Sends forms with files. Loaded only for them.
 *
 * Node keeps a copy of every body for a redirect that may come, unless redirects are errors; so they
 * are, and a 1,000 MB file passes through in constant memory.
 */
import { streamOf } from "./byte-source.js";
import type { FilePart, FormPart } from "./form.js";
import { encodeForm } from "./multipart.js";
import { inBrowser } from "./platform.js";
import { idleLimit, type IdleLimit } from "./idle.js";
import type { Fetch, UploadProgress } from "./options.js";
import { onAbort } from "./stop.js";

/** Handed on at once, in bytes. Small, so that what is reported as sent is not far ahead of the truth. */
const PIECE_BYTES = 128 * 1024;

/** So much is gathered before it becomes a blob, in bytes: browsers keep those outside of the page. */
const BLOB_BYTES = 8 * 1024 * 1024;

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

/** The parts of a request that an upload decides. */
export interface UploadInit {
  body: BodyInit;
  headers?: Record<string, string>;
  duplex?: "half";
  redirect?: "error";
  /**
   * Carries out the request, with `next` or by itself.
   * @param plain whether `next` is the platform's `fetch` and nothing else
   */
  via?: (request: Request, next: Fetch, plain: boolean) => Promise<Response>;
}

/**
 * Sends a form with files.
 * @param timeoutMs how long the server may neither take bytes nor answer; while bytes move, and while a
 * source takes its time, the clock does not run
 */
export async function sendFiles<T>(
  parts: readonly FormPart[],
  state: UploadState,
  signal: AbortSignal,
  timeoutMs: number,
  send: (init: UploadInit, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = idleLimit(signal, timeoutMs);
  try {
    return await (inBrowser()
      ? send(await browserInit(parts, state, limit), limit.signal)
      : stream(parts, state, limit, send));
  } finally {
    limit.release();
  }
}

async function stream<T>(
  parts: readonly FormPart[],
  state: UploadState,
  limit: IdleLimit,
  send: (init: UploadInit, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const form = encodeForm(parts);
  let failure: unknown;

  async function* counted(): AsyncGenerator<Uint8Array> {
    let loaded = 0;
    try {
      limit.pause();
      for await (const chunk of form.chunks()) {
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
  const init: UploadInit = {
    body: streamOf(counted()),
    headers: { "content-type": form.type },
    duplex: "half",
    // Workers know no such thing, and keep no copy either.
    ...(!fixedLengthStream() && { redirect: "error" }),
    via: async (request, next) => {
      try {
        return await next(request);
      } catch (error) {
        if (request.signal.aborted || !mentionsRedirect(error)) throw error;
        return whereTo(request, next);
      }
    },
  };
  if (form.size !== undefined) sized(init, form.size);
  try {
    return await send(init, limit.signal);
  } catch (error) {
    // The platform only says that the body broke.
    throw failure ?? error;
  }
}

function mentionsRedirect(error: unknown): boolean {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  return /redirect/i.test(`${message} ${code}`) || (cause != null && mentionsRedirect(cause));
}

/**
 * Where an upload that met a redirect should have gone: the platform refuses to follow and does not
 * tell, so the address is asked again, without a body.
 */
async function whereTo({ url, headers, signal }: Request, next: Fetch): Promise<Response> {
  const authorization = headers.get("authorization");
  const init: RequestInit = { redirect: "manual", signal, cache: "no-store" };
  if (authorization !== null) init.headers = { authorization };
  const response = await next(new Request(url, init)).catch(() => undefined);
  await response?.body?.cancel();
  return response && response.status >= 300 && response.status < 400
    ? response
    : new Response(null, { status: 307 });
}

/** A stream of known length; only Workers have it. */
function fixedLengthStream():
  (new (length: number) => TransformStream<Uint8Array, Uint8Array>) | undefined {
  return (globalThis as { FixedLengthStream?: ReturnType<typeof fixedLengthStream> })
    .FixedLengthStream;
}

/** Announces the length of a body, where the platform lets us. */
function sized(init: UploadInit, size: number): void {
  const FixedLengthStream = fixedLengthStream();
  // Elsewhere the header is kept, or ignored by the rules of `fetch`.
  if (FixedLengthStream)
    init.body = (init.body as ReadableStream<Uint8Array>).pipeThrough(new FixedLengthStream(size));
  else init.headers = { ...init.headers, "content-length": String(size) };
}

async function browserInit(
  parts: readonly FormPart[],
  state: UploadState,
  limit: IdleLimit,
): Promise<UploadInit> {
  const form = new FormData();
  // Nothing leaves before all of it is there, and the server is not to blame for a slow source.
  state.unsent = true;
  limit.pause();
  for (const { name, value } of parts)
    if (typeof value === "string") form.append(name, value);
    else form.append(name, await toBlob(value, limit.signal), value.name);
  limit.restart();
  // Browsers stream uploads over HTTP/2 only, if at all.
  return {
    body: form,
    via: (request, next, plain) => {
      if (plain && state.onProgress && typeof XMLHttpRequest !== "undefined")
        return sendByXhr(request, form, state, limit);
      // How far it is cannot be known, so no limit is fair.
      limit.pause();
      state.unsent = "unknown";
      return next(request);
    },
  };
}

/** Gathers a file; its source is let go of when the signal is aborted, and its errors stay as they are. */
async function toBlob(file: FilePart, signal: AbortSignal): Promise<Blob> {
  if (file instanceof Blob) return file;
  const reader = file.stream().getReader();
  const letGo = (): void => void reader.cancel().catch(() => undefined);
  let pieces: BlobPart[] = [];
  let gathered = 0;
  const unfollow = onAbort(signal, letGo);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // A reader that was cancelled ends as if all had come.
      signal.throwIfAborted();
      if (done) return new Blob(pieces);
      pieces.push(value as BlobPart);
      gathered += value.length;
      if (gathered < BLOB_BYTES) continue;
      pieces = [new Blob(pieces)];
      gathered = 0;
    }
  } finally {
    unfollow();
    letGo();
  }
}

/** The only way in a browser to learn how much of a body has left. */
async function sendByXhr(
  request: Request,
  form: FormData,
  state: UploadState,
  limit: IdleLimit,
): Promise<Response> {
  const { url, method, headers, signal } = request;
  headers.delete("content-type");
  // It would follow a redirect and lose the credentials on the way: look first where the address leads.
  const probe = await fetch(url, { headers, signal, redirect: "manual", cache: "no-store" });
  if (probe.type === "opaqueredirect") return probe;
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    headers.forEach((value, name) => xhr.setRequestHeader(name, value));
    const stop = (): void => xhr.abort();
    signal.addEventListener("abort", stop);
    const fail = (): void => reject(new TypeError("Failed to fetch"));
    state.unsent = true;
    xhr.upload.onprogress = ({ loaded, total }) => {
      limit.restart();
      try {
        state.onProgress?.({ loaded, total });
      } catch (error) {
        reject(error);
        xhr.abort();
      }
    };
    xhr.upload.onload = () => {
      state.unsent = false;
    };
    xhr.onload = () =>
      resolve(
        new Response(xhr.responseText, {
          status: xhr.status,
          headers: xhr
            .getAllResponseHeaders()
            .split("\r\n")
            .filter(Boolean)
            .map((line): [string, string] => {
              const colon = line.indexOf(":");
              return [line.slice(0, colon), line.slice(colon + 1).trim()];
            }),
        }),
      );
    xhr.onerror = fail;
    xhr.onabort = fail;
    xhr.onloadend = () => signal.removeEventListener("abort", stop);
    if (signal.aborted) fail();
    else xhr.send(form);
  });
}

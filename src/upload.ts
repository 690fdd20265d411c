/**
 * Sends forms with files. Loaded only for them.
 *
 * Node keeps a copy of every body for a redirect that may come, unless redirects are errors; so they
 * are, and a 1,000 MB file passes through in constant memory.
 */
import { streamOf } from "./byte-source.js";
import type { FilePart, FormPart } from "./form.js";
import { encodeForm } from "./multipart.js";
import type { UploadProgress } from "./options.js";

/** Handed on at once, in bytes. Small, so that what is reported as sent is not far ahead of the truth. */
const PIECE_BYTES = 128 * 1024;

/** What is known of the upload of a create. */
export interface UploadState {
  /** Called as the body leaves. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** True while some of the body has surely not left; the server creates nothing before it has all. */
  unsent?: boolean;
}

/** The parts of a request that an upload decides. */
export interface UploadInit {
  body: BodyInit;
  headers?: Record<string, string>;
  duplex?: "half";
  redirect?: "error";
  /** Sends it instead of `fetch`. */
  via?: (request: Request) => Promise<Response>;
}

/**
 * Sends a form with files.
 * @param restart starts the time limit of the request again, or with `Infinity` suspends it: the limit
 * is for the server, as long as bytes move and while a source takes its time it does not count
 * @param ownFetch whether the caller brought a `fetch`, which then must be used
 */
export async function sendFiles<T>(
  parts: readonly FormPart[],
  state: UploadState,
  restart: (ms?: number) => void,
  ownFetch: boolean,
  send: (init: UploadInit) => Promise<T>,
): Promise<T> {
  if (inBrowser()) return send(await browserInit(parts, state, restart, ownFetch));
  const form = encodeForm(parts);
  let failure: unknown;

  async function* counted(): AsyncGenerator<Uint8Array> {
    let loaded = 0;
    try {
      restart(Infinity);
      for await (const chunk of form.chunks()) {
        for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
          restart();
          const piece = chunk.subarray(at, at + PIECE_BYTES);
          yield piece;
          // Asked for more: this much has been taken.
          loaded += piece.length;
          state.onProgress?.({ loaded, total: form.size });
        }
        restart(Infinity);
      }
      state.unsent = false;
      restart();
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
    redirect: "error",
  };
  if (form.size !== undefined) sized(init, form.size);
  try {
    return await send(init);
  } catch (error) {
    // The platform only says that the body broke.
    throw failure ?? error;
  }
}

/**
 * Where an upload that met a redirect should have gone: the platform refuses to follow and does not
 * tell, so the address is asked again, without a body.
 */
export async function whereTo(
  { url, headers, signal }: Request,
  fetch: (request: Request) => Promise<Response>,
): Promise<Response> {
  const authorization = headers.get("authorization");
  const init: RequestInit = { redirect: "manual", signal, cache: "no-store" };
  if (authorization !== null) init.headers = { authorization };
  const response = await fetch(new Request(url, init)).catch(() => undefined);
  await response?.body?.cancel();
  return response && response.status >= 300 && response.status < 400
    ? response
    : new Response(null, { status: 307 });
}

/** Announces the length of a body, where the platform lets us. */
function sized(init: UploadInit, size: number): void {
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (length: number) => TransformStream<Uint8Array, Uint8Array>;
  };
  // Cloudflare's way; elsewhere the header is kept, or ignored by the rules of `fetch`.
  if (FixedLengthStream)
    init.body = (init.body as ReadableStream<Uint8Array>).pipeThrough(new FixedLengthStream(size));
  else init.headers = { ...init.headers, "content-length": String(size) };
}

/** Browsers stream uploads over HTTP/2 only, if at all. */
export function inBrowser(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return /^Mozilla\//.test(navigator?.userAgent ?? "");
}

async function browserInit(
  parts: readonly FormPart[],
  state: UploadState,
  restart: (ms?: number) => void,
  ownFetch: boolean,
): Promise<UploadInit> {
  const form = new FormData();
  for (const { name, value } of parts)
    if (typeof value === "string") form.append(name, value);
    else form.append(name, await toBlob(value), value.name);
  if (!state.onProgress || ownFetch || typeof XMLHttpRequest === "undefined") {
    // How far it is cannot be known, so no limit is fair.
    restart(Infinity);
    return { body: form };
  }
  return { body: form, via: (request) => sendByXhr(request, form, state, restart) };
}

async function toBlob(file: FilePart): Promise<Blob> {
  return file instanceof Blob ? file : new Response(file.stream()).blob();
}

/** The only way in a browser to learn how much of a body has left. */
async function sendByXhr(
  request: Request,
  form: FormData,
  state: UploadState,
  restart: (ms?: number) => void,
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
      restart();
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

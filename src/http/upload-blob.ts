/**
 * The body of an upload as one `Blob`, for platforms that cannot stream request bodies: browsers, which keep
 * large blobs outside the page's memory.
 */
import { bodyReader } from "../bytes/body-reader.js";
import { orChanged } from "../inputs/changed-file.js";
import type { IdleLimit } from "../time/idle-limit.js";
import { onAbort } from "../time/stop.js";
import type { FetchInit } from "./fetch.js";
import { AFTER_FILE, type EncodedFile, type EncodedForm } from "./multipart.js";
import { wrongLength, type UploadBody, type UploadState } from "./upload-stream.js";

/** Bytes gathered before they become a blob. */
const BLOB_BYTES = 8 * 1024 * 1024;

export async function blobBody(
  form: EncodedForm,
  state: UploadState,
  limit: IdleLimit,
): Promise<UploadBody> {
  // Nothing is sent before the blob is complete, and a slow source does not count against the server.
  state.unsent = true;
  limit.pause();
  const pieces: BlobPart[] = [];
  for (const piece of form.pieces)
    if ("head" in piece) pieces.push(piece.head, await blobOf(piece, limit.signal), AFTER_FILE);
    else pieces.push(piece);
  const body = new Blob(pieces);
  limit.restart();
  return {
    failure: () => undefined,
    form: {
      body,
      headers: { "content-type": form.type },
      via: (url, init, next, plain) => {
        if (plain && state.onProgress && typeof XMLHttpRequest !== "undefined")
          return sendByXhr(url, init, body, state, limit);
        // The progress is unknown, so no limit would be fair.
        limit.pause();
        state.unsent = "unknown";
        return next(url, init);
      },
    },
  };
}

/** A file as a blob of the platform, with exactly its bytes. */
async function blobOf({ file, field }: EncodedFile, signal: AbortSignal): Promise<Blob> {
  const given = file.blob instanceof Blob ? new Blob([file.blob]) : undefined;
  // A blob of another realm would be sent as its string form.
  const blob = given && given.size === file.size ? given : await gather(file, field, signal);
  if (file.size === undefined || blob.size === file.size) return blob;
  throw wrongLength(field, file.size, `${blob.size}`);
}

async function gather(
  file: EncodedFile["file"],
  field: string,
  signal: AbortSignal,
): Promise<Blob> {
  const reader = bodyReader(file.stream(), signal);
  let pieces: BlobPart[] = [];
  let gathered = 0;
  try {
    for (;;) {
      const value = await orChanged(reader.read(), field);
      if (!value) return new Blob(pieces);
      pieces.push(value as BlobPart);
      gathered += value.length;
      if (gathered < BLOB_BYTES) continue;
      pieces = [new Blob(pieces)];
      gathered = 0;
    }
  } finally {
    reader.cancel();
  }
}

/** XMLHttpRequest is the only way in a browser to learn how much of a body was sent. */
async function sendByXhr(
  url: string,
  { method, headers, signal }: FetchInit,
  body: Blob,
  state: UploadState,
  limit: IdleLimit,
): Promise<unknown> {
  // XMLHttpRequest would follow a redirect and lose the credentials, so first check where the address leads.
  const probing = { ...headers };
  delete probing["content-type"];
  const probe = await fetch(url, {
    headers: probing,
    signal: signal as AbortSignal,
    redirect: "manual",
    cache: "no-store",
  });
  if (probe.type === "opaqueredirect") return probe;
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
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
    xhr.onload = () => {
      const { status, responseText } = xhr;
      const text = (): Promise<string> => Promise.resolve(responseText);
      resolve({ status, headers: headersOf(xhr), text });
    };
    xhr.onerror = fail;
    xhr.onabort = fail;
    const unfollow = onAbort(limit.signal, () => xhr.abort());
    xhr.onloadend = unfollow;
    if (limit.signal.aborted) fail();
    else xhr.send(body);
  });
}

function headersOf(xhr: XMLHttpRequest): Record<string, string> {
  return Object.fromEntries(
    xhr
      .getAllResponseHeaders()
      .split("\r\n")
      .filter(Boolean)
      .map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
  );
}

/**
 * Sends forms with files, in constant memory where the platform can stream. Invariant: the server receives
 * exactly what was given, or the call fails.
 *
 * Node keeps a copy of every body in case of a redirect, unless redirects are errors. So they are errors, and
 * a 1,000 MB file passes through in constant memory.
 */
import type { FormPart } from "../flow/field.js";
import type { Clock } from "../time/clock.js";
import { idleLimit } from "../time/idle-limit.js";
import type { Sending } from "./api.js";
import { encodeForm } from "./multipart.js";
import { streamedBody, type UploadState } from "./upload-stream.js";
import { blobBody } from "./upload-blob.js";

/** One upload. */
export interface Upload {
  readonly clock: Clock;
  readonly parts: readonly FormPart[];
  readonly state: UploadState;
  readonly signal: AbortSignal;
  /**
   * Longest time for which the server may neither take bytes nor respond, in ms. The clock stops while bytes
   * move, and while a source is slow.
   */
  readonly timeoutMs: number;
}

/** Sends a form with files. */
export async function sendFiles<T>(
  { clock, parts, state, signal, timeoutMs }: Upload,
  send: (form: Sending) => Promise<T>,
): Promise<T> {
  const limit = idleLimit(clock, signal, timeoutMs);
  const form = encodeForm(parts);
  try {
    const { form: sent, failure } = platformStreams()
      ? streamedBody(form, state, limit)
      : await blobBody(form, state, limit);
    try {
      return await send({ ...sent, signal: limit.signal });
    } catch (error) {
      throw failure() ?? error;
    }
  } finally {
    limit.release();
  }
}

/**
 * Whether this platform can send a stream with a known length. Browsers cannot: they reserve the header, and
 * stream over HTTP/2 only.
 */
function platformStreams(): boolean {
  try {
    const { headers } = new Request("http://localhost/", {
      method: "PUT",
      body: new ReadableStream(),
      headers: { "content-length": "1" },
      ...({ duplex: "half" } as object),
    });
    // A platform without stream support converts the stream to a string.
    return headers.get("content-length") === "1" && !headers.has("content-type");
  } catch {
    return false;
  }
}

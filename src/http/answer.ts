/** A response to a request, from any `fetch`: an object that behaves like a `Response` is read as one. */
import { bodyReader } from "../bytes/body-reader.js";
import { asBytes, concat, discard, isStream, type ByteStream } from "../bytes/streams.js";
import { unlessAborted } from "../time/stop.js";
import { badFetch, type FetchAnswer } from "./fetch.js";

/** Members that a foreign response may have besides those of `FetchAnswer`. */
interface Foreign extends FetchAnswer {
  arrayBuffer?: () => Promise<unknown>;
  json?: () => Promise<unknown>;
}

/** How much of a body is read. */
export interface ReadLimit {
  readonly bytes: number;
  /** The error for a longer one. */
  readonly tooLong: () => Error;
}

export class Answer {
  readonly status: number;
  /** Whether the status means success, 200–299. */
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  /** Browsers hide a redirect behind the type `opaqueredirect`. */
  readonly type: string | undefined;
  readonly body: ByteStream | null;
  readonly #given: Foreign;

  /** @throws VisionatrixError `invalid_option` when `given` is not a response */
  constructor(given: unknown) {
    const answer = given as Foreign | null | undefined;
    if (typeof answer !== "object" || answer === null || typeof answer.status !== "number")
      throw badFetch(`it returned ${given === null ? "null" : typeof given} without a status`);
    this.#given = answer;
    this.status = answer.status;
    this.ok = answer.status >= 200 && answer.status < 300;
    this.type = answer.type;
    this.headers = headersOf(answer.headers);
    this.body = isStream(answer.body) ? answer.body : null;
  }

  /**
   * The whole body as text. Rejects with the signal's reason once that is aborted.
   * @param limit most bytes that are read, and the error for more
   */
  async text(signal: AbortSignal, limit?: ReadLimit): Promise<string> {
    const { text, json } = this.#given;
    if (limit && Number(this.headers.get("content-length")) > limit.bytes) {
      this.discard();
      throw limit.tooLong();
    }
    if (limit && this.body) return new TextDecoder().decode(await this.bytes(signal, limit));
    if (typeof text === "function") return unlessAborted(text.call(this.#given), signal);
    if (!this.body && typeof json === "function")
      return JSON.stringify(await unlessAborted(json.call(this.#given), signal));
    return new TextDecoder().decode(await this.bytes(signal));
  }

  /** The whole body. Rejects with the signal's reason once that is aborted. */
  async bytes(signal: AbortSignal, limit?: ReadLimit): Promise<Uint8Array> {
    const reader = this.reader(signal);
    const pieces: Uint8Array[] = [];
    let left = limit?.bytes ?? Infinity;
    for (let piece = await reader.read(); piece; piece = await reader.read()) {
      left -= piece.length;
      if (limit && left < 0) {
        reader.cancel();
        throw limit.tooLong();
      }
      pieces.push(piece);
    }
    return concat(pieces);
  }

  /** Reads the body chunk by chunk. */
  reader(signal: AbortSignal): ReturnType<typeof bodyReader> {
    return bodyReader(this.body ?? this.#whole(), signal);
  }

  /** Cancels the body without reading it, and without waiting. */
  discard(): void {
    discard(this.#given.body);
  }

  /** A body that cannot be read chunk by chunk. */
  async *#whole(): AsyncGenerator<Uint8Array> {
    const { body, arrayBuffer, text } = this.#given;
    const whole =
      body === null
        ? undefined
        : typeof arrayBuffer === "function"
          ? asBytes(await arrayBuffer.call(this.#given))
          : typeof text === "function"
            ? new TextEncoder().encode(await text.call(this.#given))
            : asBytes(body);
    if (whole?.length) yield whole;
  }
}

function headersOf(headers: object | undefined): { get(name: string): string | null } {
  const { get } = (headers ?? {}) as { get?: (name: string) => unknown };
  // A `Map` or an object, with names in any case.
  const entries = headers instanceof Map ? [...(headers as Map<string, string>)] : undefined;
  if (typeof get === "function" && !entries)
    return { get: (name) => (get.call(headers, name) as string | null | undefined) ?? null };
  const known = new Map(
    (entries ?? Object.entries((headers ?? {}) as Record<string, string>)).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    ),
  );
  return { get: (name) => known.get(name.toLowerCase()) ?? null };
}

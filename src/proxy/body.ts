/** The body of a page's request, limited in length and silence. */
import { bodyReader } from "../bytes/body-reader.js";
import type { Clock } from "../time/clock.js";
import { idleLimit } from "../time/idle-limit.js";
import { REQUEST_TIMEOUT } from "../time/stop.js";
import type { ReadPiece } from "./form-reader.js";
import { Refusal } from "./refusal.js";

/** Longest silence of a page before its request is given up, in ms. */
const SILENCE_MS = 30_000;

export interface PageBody {
  /** @throws Refusal 413, 408 */
  readonly read: ReadPiece;
  /** Announced length in bytes; undefined when not announced. */
  readonly length: number | undefined;
  /** Releases the body, whether read or not. */
  end(): void;
}

/**
 * @param most longest body, in bytes
 * @throws Refusal 413, 415 before anything is read
 */
export function pageBody(
  request: Request,
  most: number,
  clock: Clock,
  signal: AbortSignal,
): PageBody {
  const { headers, body } = request;
  const announced = headers.get("content-length");
  if (announced !== null && Number(announced) > most) throw tooLarge(most);
  if (headers.has("content-encoding"))
    throw new Refusal(415, "bad_form", "A form cannot be compressed.");
  if (request.bodyUsed)
    throw new Refusal(
      500,
      "failed",
      "The form was already read: this site must mount the proxy before its body parser.",
    );
  const limit = idleLimit(clock, signal, SILENCE_MS);
  limit.pause();
  const reader = body && bodyReader(body, limit.signal);
  let length = 0;
  return {
    length: announced !== null && /^\d{1,15}$/.test(announced) ? Number(announced) : undefined,
    async read() {
      if (!reader) return undefined;
      limit.restart();
      try {
        const piece = await reader.read();
        length += piece?.length ?? 0;
        if (length > most) throw tooLarge(most);
        return piece;
      } catch (error) {
        if (error === REQUEST_TIMEOUT)
          throw new Refusal(408, "too_slow", "The upload of the form stalled.");
        if (error instanceof Refusal) throw error;
        throw new Refusal(499, "page_left", "The form was cut off.");
      } finally {
        limit.pause();
      }
    },
    end() {
      limit.release();
      reader?.cancel();
    },
  };
}

function tooLarge(most: number): Refusal {
  const mb = Math.round(most / 1024 / 102.4) / 10;
  return new Refusal(413, "too_large", `A form may have at most ${mb} MB on this site.`);
}

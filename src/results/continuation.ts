/** Whether a broken download can go on with an answer. Pure. */
import type { Answer } from "../http/answer.js";

/** What an answer says of a file. */
export interface Shown {
  readonly status: number;
  /** `ETag`, or `Last-Modified` where that is all that can be read. */
  readonly version: string | undefined;
  /** First byte of the answer within the file. */
  readonly start: number;
  /** Length of the whole file. */
  readonly total: number | undefined;
}

/** Reads an answer to a request for a file, or for its rest from `asked` on. */
export function shownBy(
  { status, headers }: Pick<Answer, "status" | "headers">,
  asked: number,
): Shown {
  const range = /^bytes (\d+)-\d*\/(\d+|\*)/.exec(headers.get("content-range") ?? "");
  const length = headers.get("content-encoding") ? null : headers.get("content-length");
  const etag = headers.get("etag");
  return {
    status,
    // A weak one does not promise the same bytes.
    version:
      (etag?.startsWith("W/") ? undefined : etag) ?? headers.get("last-modified") ?? undefined,
    // Other origins see no Content-Range; what they asked for is what a 206 brings.
    start: status === 206 ? Number(range?.[1] ?? asked) : 0,
    total:
      range?.[2] && range[2] !== "*"
        ? Number(range[2])
        : length === null
          ? undefined
          : Number(length) + (status === 206 ? asked : 0),
  };
}

/**
 * What to do with an answer when `have` bytes of the file are there: `go on` with it, `skip` what is
 * there already, or `restart` since it is another file. Pure.
 */
export function continuation(
  have: number,
  version: string | undefined,
  shown: Shown,
): "go on" | "skip" | "restart" {
  if (have === 0 && shown.start === 0) return "go on";
  // Without a version nobody knows whether the rest belongs to the start.
  if (version === undefined || shown.version !== version) return "restart";
  if (shown.start === have) return "go on";
  return shown.start < have ? "skip" : "restart";
}

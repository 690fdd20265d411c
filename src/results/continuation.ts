/** Whether a file of which a part is there can be completed from an answer. Pure. */
import type { Answer } from "../http/answer.js";

/** What an answer says of the file in it. */
export interface Shown {
  readonly status: number;
  /** A strong `ETag`, else `Last-Modified`; undefined where the answer has neither. */
  readonly version: string | undefined;
  /** First byte of the answer within the file. */
  readonly start: number;
  /** Length of the whole file in bytes; undefined where the answer does not say. */
  readonly total: number | undefined;
}

/**
 * Reads an answer.
 * @param asked the first byte that was asked for, 0 for the whole file
 */
export function shownBy(
  { status, headers }: Pick<Answer, "status" | "headers">,
  asked: number,
): Shown {
  const range = /^bytes (\d+)-\d*\/(\d+|\*)/.exec(headers.get("content-range") ?? "");
  const length = headers.get("content-encoding") ? null : headers.get("content-length");
  const etag = headers.get("etag");
  return {
    status,
    // A weak `ETag` does not promise the same bytes.
    version:
      (etag?.startsWith("W/") ? undefined : etag) ?? headers.get("last-modified") ?? undefined,
    // A page of another origin cannot read `Content-Range`; a 206 brings what was asked for.
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
 * What to do with an answer when `have` bytes of a version of the file are there: `go on` with all of it,
 * `skip` its first bytes, which are there already, or `restart`, since it does not fit.
 */
export function continuation(
  have: number,
  version: string | undefined,
  shown: Shown,
): "go on" | "skip" | "restart" {
  if (have === 0 && shown.start === 0) return "go on";
  // Without a version nobody knows whether this belongs to what is there.
  if (version === undefined || shown.version !== version) return "restart";
  if (shown.start === have) return "go on";
  return shown.start < have ? "skip" : "restart";
}

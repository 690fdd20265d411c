/** Decides whether a response can complete a partly downloaded file. Pure. */
import type { Answer } from "../http/answer.js";

/** What a response says about its file. */
export interface Shown {
  readonly status: number;
  /** A strong `ETag`, else `Last-Modified`; undefined when the response has neither. */
  readonly version: string | undefined;
  /** Position in the file of the response's first byte. */
  readonly start: number;
  /** Length of the whole file in bytes; undefined when the response does not say. */
  readonly total: number | undefined;
}

/**
 * Reads what a response says about its bytes.
 * @param asked the first byte that was requested, 0 for the whole file
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
    // A weak `ETag` does not promise identical bytes.
    version:
      (etag?.startsWith("W/") ? undefined : etag) ?? headers.get("last-modified") ?? undefined,
    // A page of another origin cannot read `Content-Range`; a 206 then starts where the request asked.
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
 * What to do with a response when `have` bytes of a version of the file are present: `go on` and take all of
 * it, `skip` the bytes that are already present, or `restart` because it does not fit.
 */
export function continuation(
  have: number,
  version: string | undefined,
  shown: Shown,
): "go on" | "skip" | "restart" {
  if (have === 0 && shown.start === 0) return "go on";
  // Without a version, nothing shows that this response continues the bytes present.
  if (version === undefined || shown.version !== version) return "restart";
  if (shown.start === have) return "go on";
  return shown.start < have ? "skip" : "restart";
}

/**
 * Headers of result files. The files come from the server's machine but are served from the site's own
 * origin, so only headers known to be harmless pass. Pure.
 */
import { Refusal, ANSWER_HEADERS } from "./refusal.js";

interface Headers {
  get(name: string): string | null;
}

const SAFE_TYPE = /^((image|video|audio|model)\/[\w.+-]+|text\/plain(; ?charset=[\w-]+)?)$/i;

/** Headers that pass if they match their pattern. */
const PASSED: Readonly<Record<string, RegExp>> = {
  "content-length": /^\d+$/,
  "content-range": /^bytes (\d+-\d+|\*)\/(\d+|\*)$/,
  "accept-ranges": /^bytes$/,
  etag: /^(W\/)?"[\x21\x23-\x7e]*"$/,
  "last-modified": /^[\w ,:]+$/,
  "content-disposition": /^attachment; filename="?[\w.-]+"?$/,
};

/** The headers of a response with a file. */
export function resultHeaders(given: Headers): Record<string, string> {
  const type = given.get("content-type") ?? "";
  const headers: Record<string, string> = {
    ...ANSWER_HEADERS,
    "content-type": SAFE_TYPE.test(type) ? type : "application/octet-stream",
    // SVG images can contain scripts.
    "content-security-policy": "sandbox; default-src 'none'",
    "content-disposition": "attachment",
  };
  const packed = given.get("content-encoding") !== null;
  for (const [name, pattern] of Object.entries(PASSED)) {
    const value = given.get(name);
    // The platform has decompressed the body, so its length differs.
    if (value !== null && pattern.test(value) && !(packed && name === "content-length"))
      headers[name] = value;
  }
  return headers;
}

/**
 * The headers to send to the server with a request for a file.
 * @throws Refusal 416 for a range that is not a plain one
 */
export function rangeHeaders(given: Headers): Record<string, string> {
  const range = given.get("range");
  if (range === null) return {};
  if (!/^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range))
    throw new Refusal(416, "bad_query", "`Range` must be one range of bytes.");
  const condition = given.get("if-range");
  return {
    range,
    ...(condition !== null &&
      /^("[\x21\x23-\x7e]{0,200}"|[\w ,:]{1,40})$/.test(condition) && { "if-range": condition }),
  };
}

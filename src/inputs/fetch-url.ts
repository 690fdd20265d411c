/** Fetches a file from an address that may come from a stranger. */
import { discard, letGo } from "../bytes/streams.js";
import { VisionatrixError } from "../errors/errors.js";
import type { Clock } from "../time/clock.js";
import { stopper } from "../time/stop.js";
import { ByteSource } from "./byte-source.js";
import { isPrivateHost } from "./private-address.js";
import { isPacked, refused, requestUrl, type UrlAnswer } from "./url-request.js";

/** Limits for addresses given as `{ url }` in file parameters. */
export interface FetchUrlOptions {
  /** Largest file, in bytes. Default 512 MiB. */
  maxBytes?: number;
  /** Longest time for the whole file, in ms; its bytes are forwarded as they arrive. Default 300 000. */
  timeoutMs?: number;
  /** Most redirects to follow; each is checked like the first address. Default 5. */
  maxRedirects?: number;
  /**
   * Also fetch from this machine and from private networks. Default false, because an address from a stranger
   * could otherwise read what only your server can reach.
   */
  allowPrivate?: boolean;
}

/** A file opened for reading. */
export interface Fetched {
  readonly source: ByteSource;
  /** The address after redirects. */
  readonly url: string;
  readonly type: string;
  readonly size: number | undefined;
}

/** @throws VisionatrixError `url_refused`, `url_failed`, `url_too_large` */
export async function fetchUrl(
  clock: Clock,
  given: URL,
  options: FetchUrlOptions = {},
  signal?: AbortSignal,
): Promise<Fetched> {
  const { maxBytes = 512 * 1024 * 1024, timeoutMs = 300_000, allowPrivate = false } = options;
  const stop = stopper(clock, [signal], timeoutMs, `Fetching ${shown(given)}`);
  try {
    const { url, answer } = await follow(given, options, stop.signal);
    const { status, headers, body } = answer;
    const packed = isPacked(headers, allowPrivate);
    // 204 and 205 have no body.
    if (status < 200 || status > 299 || status === 204 || status === 205 || !body || packed) {
      discard(body);
      throw failed(
        url,
        `returned ${status}${packed ? ` compressed (${headers.get("content-encoding")})` : ""}, not a file`,
      );
    }
    const size = lengthOf(headers);
    if (size !== undefined && size > maxBytes) {
      discard(body);
      throw tooLarge(url, maxBytes);
    }
    return {
      source: new ByteSource(guarded(body, url, maxBytes, stop.signal, stop.release), shown(url)),
      url: url.href,
      type: headers.get("content-type") ?? "",
      size,
    };
  } catch (error) {
    stop.release();
    if (error instanceof VisionatrixError) throw error;
    if (stop.signal.aborted) throw stop.signal.reason;
    throw failed(given, `could not be fetched: ${(error as Error).message}`, error);
  }
}

/** The response at the end of the redirects, and its address. */
async function follow(
  given: URL,
  { maxRedirects = 5, allowPrivate = false }: FetchUrlOptions,
  signal: AbortSignal,
): Promise<{ url: URL; answer: UrlAnswer }> {
  let url = withoutUser(given);
  let authorization = basicOf(given);
  for (let redirects = 0; ; redirects++) {
    checkUrl(url, allowPrivate);
    const answer = await requestUrl({ url, authorization, allowPrivate, signal });
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status > 399 || location === null) return { url, answer };
    discard(answer.body);
    if (redirects >= maxRedirects) throw failed(given, `redirects more than ${maxRedirects} times`);
    const next = redirectTarget(location, url);
    if (next.origin !== url.origin) authorization = undefined;
    url = next;
  }
}

function redirectTarget(location: string, from: URL): URL {
  try {
    return withoutUser(new URL(location, from));
  } catch {
    // The platform's error contains both addresses in full.
    throw failed(from, "redirects to an invalid address");
  }
}

/** `fetch` rejects addresses with a user. */
function withoutUser(url: URL): URL {
  const bare = new URL(url);
  bare.username = bare.password = "";
  return bare;
}

/** The `Authorization` value for an address's user and password. */
function basicOf({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined;
  const bytes = new TextEncoder().encode(`${plain(username)}:${plain(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkUrl(url: URL, allowPrivate: boolean): void {
  if (!/^https?:$/.test(url.protocol))
    throw new VisionatrixError("url_refused", `${shown(url)} is not an http(s) address.`);
  if (!allowPrivate && isPrivateHost(url.hostname)) throw refused(url.hostname);
}

/** An address as errors show it: user and query may be secrets, and errors get logged. */
function shown({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

function failed(url: URL, what: string, cause?: unknown): VisionatrixError {
  return new VisionatrixError("url_failed", `${shown(url)} ${what}.`, { cause });
}

function tooLarge(url: URL, maxBytes: number): VisionatrixError {
  return new VisionatrixError(
    "url_too_large",
    `${shown(url)} has more than ${maxBytes} bytes: to allow it, raise \`fetchUrls.maxBytes\` in the options of createClient.`,
  );
}

/** The bytes of a response, within the limits. */
async function* guarded(
  body: ReadableStream<Uint8Array>,
  url: URL,
  maxBytes: number,
  signal: AbortSignal,
  release: () => void,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let read = 0;
  const stop = (): void => letGo(() => reader.cancel(signal.reason));
  signal.addEventListener("abort", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // A cancelled reader ends as if the body were complete.
      if (signal.aborted) throw signal.reason;
      if (done) return;
      read += value.length;
      if (read > maxBytes) throw tooLarge(url, maxBytes);
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    release();
    letGo(() => reader.cancel());
  }
}

/** `Content-Length` is valid only for an uncompressed body. */
export function lengthOf(headers: Pick<Headers, "get">): number | undefined {
  const length = headers.get("content-length") ?? "";
  const packing = headers.get("content-encoding") || "identity";
  return /^\d+$/.test(length) && packing === "identity" ? Number(length) : undefined;
}

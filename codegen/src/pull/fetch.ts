/** Fetches a description over HTTP: with limits, and with one clear error for each way to fail. */
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";

/** The validators of a response, to ask later whether it changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export interface FetchOptions {
  /** `Authorization` header; with it, no redirect is followed. */
  readonly authorization?: string | undefined;
  /** From an earlier response. */
  readonly validators?: Validators | undefined;
  /** Time limit for the whole fetch, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest document accepted, in bytes after decompression. */
  readonly maxBytes: number;
  /** Called repeatedly until the response is complete. */
  readonly onSlow?: ((seconds: number, bytes: number) => void) | undefined;
  /** Interval of those calls, in milliseconds. Default 2,000. */
  readonly slowMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Fetched =
  | { readonly changed: false }
  | { readonly changed: true; readonly text: string; readonly validators: Validators };

const MAX_REDIRECTS = 5;
const SLOW_MS = 2_000;

/** Fetches `url`. @throws CodegenError; README.md documents the codes. */
export async function fetchDescription(url: URL, options: FetchOptions): Promise<Fetched> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal =
    options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const started = performance.now();
  let bytes = 0;
  const slow = setInterval(() => {
    options.onSlow?.(Math.round((performance.now() - started) / 1_000), bytes);
  }, options.slowMs ?? SLOW_MS);
  try {
    const response = await request(url, options, signal);
    if (response.status === 304) return { changed: false };
    if (!response.ok) throw await statusError(url, response);
    const text = await readBody(response, options.maxBytes, (count) => (bytes += count));
    const { headers } = response;
    return {
      changed: true,
      text,
      validators: {
        etag: headers.get("etag") ?? undefined,
        lastModified: headers.get("last-modified") ?? undefined,
      },
    };
  } catch (error) {
    if (error instanceof CodegenError) throw error;
    if (options.signal?.aborted === true) throw error;
    throw timeout.aborted
      ? timeoutError(url, options.timeoutMs, bytes)
      : networkError(url, error, bytes);
  } finally {
    clearInterval(slow);
  }
}

async function request(url: URL, options: FetchOptions, signal: AbortSignal): Promise<Response> {
  const headers = requestHeaders(options);
  let here = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await fetch(here, { headers, signal, redirect: "manual", cache: "no-store" });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    here = redirectTarget(here, location, options);
  }
  throw new CodegenError(
    "redirect_loop",
    `The address redirects more than ${MAX_REDIRECTS} times.`,
    {
      value: show(url),
      hint: "Give the address at the end of the redirects.",
    },
  );
}

function requestHeaders({ authorization, validators }: FetchOptions): Record<string, string> {
  return {
    accept: "application/json",
    ...(authorization === undefined ? {} : { authorization }),
    ...(validators?.etag === undefined ? {} : { "if-none-match": validators.etag }),
    ...(validators?.lastModified === undefined
      ? {}
      : { "if-modified-since": validators.lastModified }),
  };
}

function redirectTarget(from: URL, location: string, { authorization }: FetchOptions): URL {
  const target = parse(location, from);
  const isWeb = target?.protocol === "http:" || target?.protocol === "https:";
  if (authorization === undefined && target !== null && isWeb) return target;
  throw new CodegenError(
    "redirect_refused",
    isWeb
      ? "The server redirects to another origin, and credentials are sent only to the given one."
      : "The server redirects to an address that is not http or https.",
    {
      value: quote(target === null ? location : show(target)),
      hint: "Give that address if you trust it.",
    },
  );
}

async function readBody(
  response: Response,
  maxBytes: number,
  count: (bytes: number) => void,
): Promise<string> {
  const declared = Number(response.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes, declared);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    size += part.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes, size);
    count(part.byteLength);
    chunks.push(part);
  }
  return decodeUtf8(Buffer.concat(chunks));
}

/** Decodes bytes as UTF-8. @throws CodegenError `not_utf8`. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CodegenError("not_utf8", "The document is not UTF-8 text.", {
      value: quote(Buffer.from(bytes.subarray(0, 40)).toString("latin1")),
      hint: "JSON is UTF-8; check what the address serves.",
      cause,
    });
  }
}

/** The error for a document above the limit. */
export function tooLarge(maxBytes: number, size: number): CodegenError {
  return new CodegenError("too_large", "The document is larger than the limit.", {
    value: `${megabytes(size)} or more, limit ${megabytes(maxBytes)}`,
    hint: "Check the address, or raise the limit with --max-mb.",
  });
}

async function statusError(url: URL, response: Response): Promise<CodegenError> {
  const { status } = response;
  const body = await beginning(response);
  const value = `${status} ${quote(body)}`;
  if (status === 401 || status === 403) {
    return new CodegenError("unauthorized", `The server at ${url.host} refuses access.`, {
      value,
      hint: "Set VIX_USERNAME and VIX_PASSWORD to an account of this server; they are sent to a base URL only.",
    });
  }
  if (status === 404) {
    return new CodegenError("not_found", `There is no description at ${show(url)}.`, {
      value,
      hint: "Check the base URL: it is the part before /vapi or /openapi.",
    });
  }
  return new CodegenError("http_status", `The server at ${url.host} answered ${status}.`, {
    value,
    hint: status >= 500 ? "Try again later, or check the server's log." : "Check the address.",
  });
}

async function beginning(response: Response): Promise<string> {
  try {
    for await (const chunk of response.body ?? []) {
      return Buffer.from(chunk as Uint8Array)
        .toString("utf8")
        .slice(0, 200);
    }
  } catch {
    // The status alone is enough.
  }
  return "";
}

function timeoutError(url: URL, timeoutMs: number, bytes: number): CodegenError {
  return new CodegenError(
    "timeout",
    `No complete response from ${url.host} within ${timeoutMs / 1_000} s.`,
    {
      value: bytes === 0 ? "nothing received" : `${megabytes(bytes)} received`,
      hint: "Check that the server is up, or allow more time with --timeout.",
    },
  );
}

function networkError(url: URL, error: unknown, bytes: number): CodegenError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  const reason =
    typeof code === "string" ? code : String((cause as { message?: unknown } | null)?.message);
  return bytes > 0 || code === "UND_ERR_SOCKET"
    ? new CodegenError("transfer_cut", `The connection to ${url.host} broke off.`, {
        value: `${quote(reason)} after ${bytes} bytes`,
        hint: "Try again.",
        cause: error,
      })
    : new CodegenError("unreachable", `The server at ${url.host} cannot be reached.`, {
        value: quote(reason),
        hint: "Check the address, and that the server is up.",
        cause: error,
      });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** An address without its query. */
function show(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function parse(location: string, base: URL): URL | null {
  try {
    return new URL(location, base);
  } catch {
    return null;
  }
}

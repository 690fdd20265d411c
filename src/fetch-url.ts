/**
 * Fetches a file from an address that may come from a stranger. In Node, Bun and Deno the address is
 * checked again after the name was resolved, for each connection, so that a name cannot point inside.
 */
import { isPrivateAddress, isPrivateHost } from "./addresses.js";
import { ByteSource } from "./byte-source.js";
import { VisionatrixError } from "./errors.js";
import { lengthOf } from "./file-part.js";
import { stopper } from "./stop.js";
import { inBrowser } from "./upload.js";

/** Limits for addresses given as `{ url }` in file parameters. */
export interface FetchUrlOptions {
  /** Largest file, in bytes. Default 512 MiB. */
  maxBytes?: number;
  /** Longest time for all of it, in ms; its bytes are sent on as they come. Default 300 000. */
  timeoutMs?: number;
  /** Redirects that are followed, each checked like the first address. Default 5. */
  maxRedirects?: number;
  /**
   * Also fetch from this machine and from private networks. Default false: where addresses come from
   * strangers, they could read what only your server may reach.
   */
  allowPrivate?: boolean;
}

/** A file that was opened. */
export interface Fetched {
  readonly source: ByteSource;
  /** Where redirects ended. */
  readonly url: string;
  readonly type: string;
  readonly size: number | undefined;
}

/** @throws VisionatrixError `url_refused`, `url_failed`, `url_too_large` */
export async function fetchUrl(
  start: URL,
  options: FetchUrlOptions = {},
  signal?: AbortSignal,
): Promise<Fetched> {
  const {
    maxBytes = 512 * 1024 * 1024,
    timeoutMs = 300_000,
    maxRedirects = 5,
    allowPrivate = false,
  } = options;
  const stop = stopper([signal], timeoutMs, `Fetching ${start.href}`);
  try {
    let url = start;
    for (let redirects = 0; ; redirects++) {
      checkUrl(url, allowPrivate);
      const response = await request(url, allowPrivate, stop.signal);
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        if (redirects >= maxRedirects)
          throw new VisionatrixError(
            "url_failed",
            `${start.href} redirects more than ${maxRedirects} times.`,
          );
        url = new URL(location, url);
        continue;
      }
      const packed = builtins() && !allowPrivate && response.headers.get("content-encoding");
      if (!response.ok || !response.body || packed) {
        await response.body?.cancel();
        throw new VisionatrixError(
          "url_failed",
          `${url.href} was answered ${response.status}${packed ? ` and packed (${packed})` : ""}, not with a file.`,
        );
      }
      const size = lengthOf(response.headers);
      if (size !== undefined && size > maxBytes) {
        await response.body.cancel();
        throw tooLarge(url, maxBytes);
      }
      return {
        source: new ByteSource(
          guarded(response.body, url, maxBytes, stop.signal, stop.release),
          url.href,
        ),
        url: url.href,
        type: response.headers.get("content-type") ?? "",
        size,
      };
    }
  } catch (error) {
    stop.release();
    if (error instanceof VisionatrixError) throw error;
    if (stop.signal.aborted) throw stop.signal.reason;
    throw new VisionatrixError(
      "url_failed",
      `${start.href} could not be fetched: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

function checkUrl(url: URL, allowPrivate: boolean): void {
  if (!/^https?:$/.test(url.protocol))
    throw new VisionatrixError("url_refused", `${url.href} is not an http(s) address.`);
  if (!allowPrivate && isPrivateHost(url.hostname)) throw refused(url.hostname);
}

function refused(host: string): VisionatrixError {
  return new VisionatrixError(
    "url_refused",
    `${host} is not an address of the public internet: files are fetched from there only with \`fetchUrls: { allowPrivate: true }\` in the options of createClient.`,
  );
}

function tooLarge(url: URL, maxBytes: number): VisionatrixError {
  return new VisionatrixError(
    "url_too_large",
    `${url.href} has more than ${maxBytes} bytes: raise \`fetchUrls.maxBytes\` in the options of createClient if that is meant.`,
  );
}

/** The bytes of an answer, within the limits. */
async function* guarded(
  body: ReadableStream<Uint8Array>,
  url: URL,
  maxBytes: number,
  signal: AbortSignal,
  release: () => void,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let read = 0;
  const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // A reader that was cancelled ends as if all had come.
      if (signal.aborted) throw signal.reason;
      if (done) return;
      read += value.length;
      if (read > maxBytes) throw tooLarge(url, maxBytes);
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    release();
    await reader.cancel().catch(() => undefined);
  }
}

/** Of Node's modules, what is used here; in browsers there are none. */
interface Builtins {
  http: { get: HttpGet };
  https: { get: HttpGet };
  dns: { lookup: Lookup };
  stream: { Readable: { toWeb(stream: unknown): ReadableStream<Uint8Array> } };
}
type HttpGet = (
  url: URL,
  options: {
    signal: AbortSignal;
    lookup: Lookup;
    agent: false;
    headers: Record<string, string>;
  },
  answered: (message: {
    statusCode: number;
    headers: Record<string, string | string[] | undefined>;
  }) => void,
) => { on(event: "error", listener: (error: Error) => void): unknown };
interface ResolvedAddress {
  address: string;
}
type Lookup = (
  host: string,
  options: object,
  done: (error: Error | null, address?: string | ResolvedAddress[], family?: number) => void,
) => void;

function builtins(): Builtins | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const get = process?.getBuiltinModule?.bind(process);
  const [http, https, dns, stream] = ["http", "https", "dns", "stream"].map((name) =>
    get?.(`node:${name}`),
  );
  return http && https && dns && stream ? ({ http, https, dns, stream } as Builtins) : undefined;
}

/** One request, redirects not followed. */
function request(url: URL, allowPrivate: boolean, signal: AbortSignal): Promise<Response> {
  const node = builtins();
  if (!node || allowPrivate)
    return fetch(url, {
      signal,
      // Browsers hide where a redirect leads, and reach nothing that their user may not reach.
      redirect: inBrowser() ? "follow" : "manual",
      credentials: "omit",
      cache: "no-store",
    });
  const lookup: Lookup = (host, options, done) =>
    node.dns.lookup(host, options, (error, address, family) => {
      const all = Array.isArray(address) ? address : [{ address: address ?? "" }];
      if (!error && all.some((one) => isPrivateAddress(one.address))) done(refused(host));
      else done(error, address, family);
    });
  return new Promise((resolve, reject) => {
    const { get } = url.protocol === "https:" ? node.https : node.http;
    const headers = { "accept-encoding": "identity", "user-agent": "visionatrix-client" };
    get(url, { signal, lookup, agent: false, headers }, (message) => {
      const answer = new Headers();
      for (const [name, value] of Object.entries(message.headers))
        for (const one of [value ?? []].flat()) answer.append(name, one);
      const { statusCode: status } = message;
      const bodyless = status === 204 || status === 205 || status === 304;
      const body = node.stream.Readable.toWeb(message);
      resolve(new Response(bodyless ? null : body, { status, headers: answer }));
    }).on("error", reject);
  });
}

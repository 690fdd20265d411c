/**
 * One request for a file at an address. In Node, Bun, and Deno, the address is checked again after DNS
 * resolution, for each connection, so that a name cannot point into a private network.
 */
import { VisionatrixError } from "../errors/errors.js";
import { unlessAborted } from "../time/stop.js";
import { isPrivateAddress } from "./private-address.js";

/** The response. Not a `Response`, which rejects some statuses that servers send. */
export interface UrlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
}

export interface UrlRequest {
  readonly url: URL;
  /** Value of the header, if one is to be sent. */
  readonly authorization: string | undefined;
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

/** Sends one request. Redirects are not followed, and the body may be compressed. */
export function requestUrl(request: UrlRequest): Promise<UrlAnswer> {
  const node = request.allowPrivate ? undefined : builtins();
  // However the connection ends or hangs, the time limit applies.
  return unlessAborted(node ? byNode(node, request) : byFetch(request), request.signal);
}

/** Whether the encodings of a response make its bytes differ from the file's; `fetch` decompresses them. */
export function isPacked(headers: Headers, allowPrivate: boolean): boolean {
  if (allowPrivate || !builtins()) return false;
  const encodings = (headers.get("content-encoding") ?? "").toLowerCase().split(",");
  // Object stores keep `aws-chunked` from the upload, although the bytes no longer use it.
  return encodings.some((encoding) => !/^(identity|aws-chunked)?$/.test(encoding.trim()));
}

export function refused(host: string): VisionatrixError {
  return new VisionatrixError(
    "url_refused",
    `${host} is not an address of the public internet: to fetch files from it, set \`fetchUrls: { allowPrivate: true }\` in the options of createClient.`,
  );
}

async function byFetch({ url, authorization, signal }: UrlRequest): Promise<UrlAnswer> {
  const ask = (redirect: RequestRedirect): Promise<Response> =>
    fetch(url, {
      signal,
      headers: authorization === undefined ? {} : { authorization },
      redirect,
      credentials: "omit",
      cache: "no-store",
    });
  const answer = await ask("manual");
  // Browsers hide where a redirect leads, and can reach only what their user can reach.
  return answer.type === "opaqueredirect" ? ask("follow") : answer;
}

function byNode(node: Builtins, { url, authorization, signal }: UrlRequest): Promise<UrlAnswer> {
  const lookup: Lookup = (host, options, done) =>
    node.dns.lookup(host, options, (error, address, family) => {
      const all = Array.isArray(address) ? address : [{ address: address ?? "" }];
      if (!error && all.some((one) => isPrivateAddress(one.address))) done(refused(host));
      else done(error, address, family);
    });
  return new Promise((resolve, reject) => {
    const { get } = url.protocol === "https:" ? node.https : node.http;
    const headers = {
      "accept-encoding": "identity",
      "user-agent": "visionatrix-client",
      ...(authorization !== undefined && { authorization }),
    };
    get(url, { signal, lookup, agent: false, headers }, (message) => {
      // An error thrown here would crash the process.
      try {
        resolve(answerOf(node, message));
      } catch (error) {
        message.destroy();
        reject(error);
      }
    })
      .on("error", reject)
      .on("upgrade", (_, socket) => {
        socket.destroy();
        reject(new Error("the server asked for another protocol"));
      })
      .on("close", () => reject(new Error("the connection closed before a response came")));
  });
}

function answerOf(node: Builtins, message: Message): UrlAnswer {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  const { statusCode: status } = message;
  const body = node.stream.Readable.toWeb(message);
  return { status, headers, body };
}

/** The parts of Node's modules in use; absent in browsers. */
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
  answered: (message: Message) => void,
) => Sent;
interface Sent {
  on(event: "error", listener: (error: Error) => void): Sent;
  on(event: "upgrade", listener: (message: Message, socket: { destroy(): unknown }) => void): Sent;
  on(event: "close", listener: () => void): Sent;
}
interface Message {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  destroy(): unknown;
}
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

/** A site for tests: the proxy in Node's own server, a stand-in behind it, and pages that use it. */
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { createClient, type Client, type ClientOptions } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { createProxy, type Proxy, type ProxyOptions } from "visionatrix-client/proxy";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { QUICK } from "../support/standin.js";

export const SECRET = "a secret of the site, thirty-two bytes and more";
export const PASSWORD = "the server's own password";

export interface Site {
  readonly standin: Standin;
  readonly proxy: Proxy;
  /** Address of the site, without a path. */
  readonly url: string;
  /** What the proxy has logged. */
  readonly log: string[];
  /** The client of a page with this user signed in. */
  readonly page: (user: string, options?: Partial<ClientOptions>) => Client;
  /** One request of a page, below `/api/vix`. */
  readonly ask: (
    user: string | undefined,
    method: string,
    path: string,
    init?: { headers?: Record<string, string>; body?: string | Uint8Array | ReadableStream },
  ) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly detail: string | undefined;
}

export const FLOWS = [sdxlLighting, removeBackgroundBirefnet];

/** The signed-in user, from a cookie that only this site understands. */
function signedIn(request: Request): string | undefined {
  return /(?:^|; )session=([a-z]+)-token/.exec(request.headers.get("cookie") ?? "")?.[1];
}

/**
 * @param finished registers a clean-up; by default, for the end of the running test
 * @param other a site whose server this one shares
 */
export async function startSite(
  options: Partial<ProxyOptions> = {},
  standinOptions: StandinOptions = {},
  finished: (finish: () => Promise<void>) => void = onTestFinished,
  other?: Site,
): Promise<Site> {
  const standin =
    other?.standin ??
    (await startStandin({
      speed: "instant",
      auth: `site:${PASSWORD}`,
      recordBodies: 64 * 1024,
      ...standinOptions,
    }));
  if (!other) finished(() => standin.close());
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const client = createClient({
    baseUrl: standin.url,
    auth: { username: "site", password: PASSWORD },
    logger: { debug: note, info: note, warn: note, error: note },
  });
  const proxy = createProxy({ client, flows: FLOWS, owner: signedIn, secret: SECRET, ...options });
  const server = createServer((request, response) => void proxy.node(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  finished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ standin, proxy, url, log },
    page: (user, pageOptions) =>
      createClient({
        baseUrl: `${url}/api/vix`,
        headers: pageHeaders(user),
        poll: QUICK,
        retry: { graceMs: 30 },
        ...pageOptions,
      }),
    ask: async (user, method, path, { headers, body } = {}) => {
      const response = await fetch(`${url}/api/vix${path}`, {
        method,
        headers: { ...pageHeaders(user), ...headers },
        ...(body !== undefined && { body, duplex: "half" }),
      } as RequestInit);
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, detail: detailOf(text) };
    },
  };
}

/** The headers that a browser sends for a page of the site. */
export function pageHeaders(user: string | undefined): Record<string, string> {
  return {
    "sec-fetch-site": "same-origin",
    ...(user !== undefined && { cookie: `theme=dark; session=${user}-token` }),
  };
}

/** A request with a target that `fetch` would change. */
export function askRaw(
  { url }: Site,
  method: string,
  target: string,
  headers: Record<string, string> = pageHeaders("ann"),
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    httpRequest({ hostname, port, method, path: target, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    })
      .on("error", reject)
      .end();
  });
}

/** Everything that a connection receives after sending these bytes. */
export function askBytes({ url }: Site, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => {
      answer += piece;
      if (/\r\n\r\n/.test(answer)) socket.end();
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

export const BOUNDARY = "----a-page";

/** A part of a form: a text, a file, or raw headers. */
export type Part =
  readonly [name: string, value: string] | { readonly head: string; readonly body?: string };

/** A form as a browser encodes it. */
export function form(parts: readonly Part[], end = `--${BOUNDARY}--\r\n`): string {
  return (
    parts
      .map((part) => {
        const [head, body] =
          "head" in part
            ? [part.head, part.body ?? ""]
            : [`Content-Disposition: form-data; name="${part[0]}"`, part[1]];
        return `--${BOUNDARY}\r\n${head}\r\n\r\n${body}\r\n`;
      })
      .join("") + end
  );
}

export function file(name: string, body = "bytes of a picture", fileName = "a.png"): Part {
  return {
    head: `Content-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: image/png`,
    body,
  };
}

export const FORM_HEADERS = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

/** The create requests to the stand-in. */
export function creates(standin: Standin): Standin["requests"] {
  return standin.requests.filter(({ endpoint }) => endpoint === "create");
}

function detailOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}

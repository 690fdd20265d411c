/** Writes responses, and corrupts them where a fault asks for it. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Clock } from "../clock.js";
import type { RequestFault } from "../faults/fault.js";
import { bare500, html, jsonOf, notAuthenticated, plain, type Reply } from "./reply.js";

const PROXY_PAGES: Readonly<Record<number, string>> = {
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
};

function page(title: string): string {
  return (
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
  );
}

/** The body for a status that a fault asks for: as the server or a proxy sends it. */
function replyWithStatus(fault: Extract<RequestFault, { do: "status" }>): Reply {
  const { status, body, headers, retryAfter } = fault;
  const proxyPage = PROXY_PAGES[status];
  const reply =
    typeof body === "string"
      ? plain(body, status)
      : body !== undefined
        ? jsonOf(body, status)
        : status === 401
          ? notAuthenticated()
          : status === 500
            ? bare500()
            : proxyPage !== undefined
              ? html(page(proxyPage), status)
              : jsonOf({ detail: status === 404 ? "Not Found" : `Status ${status}` }, status);
  return {
    ...reply,
    headers: {
      ...reply.headers,
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      ...headers,
    },
  };
}

function reorder(text: string): string {
  return text.replace(/"outputs":(\[[^\]]*\])/g, (_all, list: string) => {
    const outputs = JSON.parse(list) as unknown[];
    return `"outputs":${JSON.stringify(outputs.reverse())}`;
  });
}

/** The response with its content corrupted. Timing and connection faults are handled elsewhere. */
export function spoil(
  reply: Reply | undefined,
  fault: RequestFault | undefined,
): Reply | undefined {
  switch (fault?.do) {
    case "status":
      return replyWithStatus(fault);
    case "bare-500":
      return bare500("a scripted fault");
    case "html":
      return html(page("Welcome"), fault.status ?? 200);
    case "wrong-json":
      return jsonOf("body" in fault ? fault.body : { unexpected: true });
    case "no-media-type":
      return (
        reply && {
          ...reply,
          headers: { ...reply.headers, "content-type": "application/octet-stream" },
        }
      );
    case "shuffle-outputs":
      if (!Buffer.isBuffer(reply?.body)) return reply;
      return { ...reply, body: Buffer.from(reorder(reply.body.toString("utf8"))) };
    default:
      return reply;
  }
}

export interface SendOptions {
  readonly fault: RequestFault | undefined;
  readonly method: string;
  readonly clock: Clock;
}

/** The rate of a slow response, in bytes per second. */
function dripOf(fault: RequestFault | undefined): number | undefined {
  if (fault?.do !== "slow") return undefined;
  return fault.bytesPerSecond ?? (fault.factor === undefined ? DRIP_BYTES_PER_SECOND : undefined);
}

const DRIP_BYTES_PER_SECOND = 100;
const DRIP_INTERVAL_MS = 50;

/** A stream limited to a number of bytes per second. */
export async function* drip(
  source: Readable,
  perSecond: number,
  clock: Clock,
): AsyncGenerator<Buffer> {
  const size = Math.max(1, Math.round((perSecond * DRIP_INTERVAL_MS) / 1000));
  for await (const chunk of source as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; at += size) {
      yield chunk.subarray(at, at + size);
      await new Promise<void>((resolve) => void clock.after(DRIP_INTERVAL_MS, resolve));
    }
  }
}

async function* firstBytes(source: Readable, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}

/** Writes a stream to the client with back pressure. @returns the bytes written */
async function pump(source: AsyncIterable<Buffer>, res: ServerResponse): Promise<number> {
  let bytes = 0;
  for await (const chunk of source) {
    if (res.destroyed) break;
    bytes += chunk.length;
    if (!res.write(chunk)) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          res.off("drain", go);
          res.off("close", go);
          resolve();
        };
        res.once("drain", go);
        res.once("close", go);
      });
    }
  }
  return bytes;
}

/** Writes the response. Resolves when everything is written, or the connection is closed. */
export async function sendReply(
  res: ServerResponse,
  reply: Reply,
  { fault, method, clock }: SendOptions,
): Promise<{ bytes: number; cut: boolean }> {
  const total = reply.body.length;
  const cutAt = fault?.do === "cut" ? cutPoint(fault.at, total) : undefined;
  const announced = fault?.do === "cut" && fault.quiet === true ? (cutAt ?? total) : total;
  // Neither `Connection` nor a `Keep-Alive` hint: the real server sends none.
  res.removeHeader("connection");
  const hasBody = reply.status !== 204 && reply.status !== 304;
  res.writeHead(reply.status, {
    server: "visionatrix-standin",
    ...reply.headers,
    ...(hasBody ? { "content-length": announced } : {}),
  });
  const { socket } = res;
  const closes = reply.closes === true || fault?.do === "drop-connection";
  if (closes) res.once("finish", () => socket?.destroySoon());

  const pace = dripOf(fault);
  const plainBuffer = pace === undefined && cutAt === undefined && Buffer.isBuffer(reply.body);
  if (method === "HEAD" || !hasBody || plainBuffer) {
    res.end(plainBuffer && hasBody ? reply.body : undefined);
    return { bytes: total, cut: false };
  }
  const source = Buffer.isBuffer(reply.body) ? Readable.from([reply.body]) : reply.body.open();
  source.on("error", () => res.destroy());
  const wanted: AsyncIterable<Buffer> =
    pace !== undefined
      ? drip(source, pace, clock)
      : cutAt !== undefined
        ? firstBytes(source, cutAt)
        : (source as AsyncIterable<Buffer>);
  const bytes = await pump(wanted, res);
  source.destroy();
  if (cutAt !== undefined && announced > bytes) {
    // The written bytes must be sent before the connection is closed.
    socket?.destroySoon();
    return { bytes, cut: true };
  }
  res.end();
  return { bytes, cut: cutAt !== undefined };
}

function cutPoint(at: number | undefined, total: number): number {
  if (at === undefined) return Math.floor(total / 2);
  return Math.max(0, Math.min(total, at < 0 ? total + at : at));
}

/**
 * Large files by `node:http`: Node's `fetch` copies every byte once more on its way, which is twice
 * the work. Used only where nobody could tell the difference.
 */
import { get, type IncomingMessage } from "node:http";
import { type Readable } from "node:stream";
import type { ByteReader, Direct } from "../download.js";
import type { ResultFile } from "../result-file.js";
import type { UploadInit } from "../upload.js";

/** From this size on, in bytes, a connection of its own costs nothing that matters. */
const LARGE = 8 * 1024 * 1024;

const bodies = new WeakMap<Response, IncomingMessage>();

/** How a file is read without `fetch`, if that may gain something. */
export function directly({ size = 0 }: ResultFile): Direct | undefined {
  return size >= LARGE ? { via, bodyOf } : undefined;
}

const via: UploadInit["via"] = async (request, next, plain) =>
  // Encryption costs far more than the copy, and has settings of its own.
  plain && request.url.startsWith("http:") && isUntouched()
    ? // `fetch` may know a way, and knows the words for what is wrong.
      ((await open(request).catch(() => undefined)) ?? next(request))
    : next(request);

/**
 * Whether `fetch` is Node's own and sends by Node's own agent: no mock, no tracing, no proxy, no agent of
 * the `undici` package. Whatever is not known for sure is a no.
 */
function isUntouched(): boolean {
  if ("Deno" in globalThis || "Bun" in globalThis) return false;
  if (!/internal\/deps\/undici/.test(Function.prototype.toString.call(globalThis.fetch)))
    return false;
  const agent = (
    globalThis as Record<
      symbol,
      { constructor: { name: string }; dispatch: () => void } | undefined
    >
  )[Symbol.for("undici.globalDispatcher.1")];
  if (agent?.constructor.name !== "Agent") return false;
  try {
    agent.dispatch();
    return false;
  } catch (error) {
    // Only the stack tells Node's agent from one of the package, or from one that stands before it.
    const [dispatch = "", caller] = callers(error);
    const [here] = callers(new Error());
    return dispatch.startsWith("Agent.dispatch (node:internal/deps/undici") && caller === here;
  }
}

/** Functions on the stack, innermost first, without line and column. */
function callers(error: unknown): string[] {
  const [, ...frames] = ((error as Error).stack ?? "").split("\n    at ");
  return frames.map((frame) => frame.replace(/:\d+:\d+\)?$/, ""));
}

/** Resolves to undefined where the answer is better left to `fetch`. */
function open({ url, headers, signal }: Request): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    const sent = {
      accept: "*/*",
      "user-agent": "node",
      ...Object.fromEntries(headers),
      "accept-encoding": "identity",
    };
    get(url, { headers: sent, signal, agent: false }, (message) => {
      const { statusCode: status = 0, rawHeaders } = message;
      const plain = /^(identity)?$/i.test(message.headers["content-encoding"] ?? "");
      if ((status !== 200 && status !== 206) || !plain) {
        message.destroy();
        resolve(undefined);
        return;
      }
      const answer = new Headers();
      for (let at = 0; at < rawHeaders.length; at += 2)
        answer.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
      const response = new Response(null, { status, headers: answer });
      bodies.set(response, message);
      resolve(response);
    }).on("error", reject);
  });
}

function bodyOf(response: Response): ByteReader | undefined {
  const message = bodies.get(response);
  if (!message) return undefined;
  const chunks = (message as Readable)[Symbol.asyncIterator]();
  return {
    read: () => chunks.next() as ReturnType<ByteReader["read"]>,
    cancel: () => {
      message.destroy();
      return Promise.resolve();
    },
  };
}

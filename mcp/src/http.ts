/** The MCP server over HTTP: who may ask, then the SDK's own handler. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
  type McpServer,
} from "@modelcontextprotocol/server";

export interface HttpOptions {
  /** Address to listen on. */
  host: string;
  /** 0 for a free one. */
  port: number;
  /** Bearer tokens that may ask; needed where others than this machine can connect. */
  tokens: readonly string[];
  /** Names that this server is asked by, besides those of this machine. */
  allowedHosts: readonly string[];
}

/** @throws Error when it would be open to others without a token */
export async function serveHttp(
  factory: () => McpServer,
  { host, port, tokens, allowedHosts }: HttpOptions,
): Promise<Server> {
  const names = localhostAllowedHostnames();
  const isLoopback = names.includes(host) || host === "::1" || /^127\./.test(host);
  if (!isLoopback && tokens.length === 0)
    throw new Error(
      `Listening on ${host}, where others can connect, needs tokens in VIX_MCP_TOKENS.`,
    );
  const allowed = [...names, host, ...allowedHosts];
  const handler = createMcpHandler(factory);
  const digests = tokens.map(digest);

  const answer = async (request: Request): Promise<Response> => {
    const refused =
      hostHeaderValidationResponse(request, allowed) ?? originValidationResponse(request, allowed);
    if (refused) return refused;
    const [, token = ""] = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    const who = digests.findIndex((each) => timingSafeEqual(each, digest(token)));
    if (who < 0 && digests.length > 0)
      return new Response("A bearer token is needed.\n", {
        status: 401,
        headers: { "www-authenticate": "Bearer" },
      });
    if (new URL(request.url).pathname !== "/mcp")
      return new Response("Not found.\n", { status: 404 });
    if (who < 0) return handler.fetch(request);
    return handler.fetch(request, {
      authInfo: { token, clientId: digest(token).toString("hex").slice(0, 8), scopes: [] },
    });
  };

  const server = createServer((incoming, outgoing) => {
    serve(answer, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(port, host);
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return server;
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Between Node's requests and those of the platform. */
async function serve(
  answer: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  outgoing.once("close", () => left.abort());
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  const hasBody = method !== "GET" && method !== "HEAD";
  const request = new Request(new URL(url.replace(/^\/+/, "/"), "http://localhost"), {
    method,
    headers,
    signal: left.signal,
    ...(hasBody && { body: Readable.toWeb(incoming) as unknown as BodyInit, duplex: "half" }),
  });
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body) await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
  else outgoing.end();
}

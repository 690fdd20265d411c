/** The MCP server over HTTP: access control, then the SDK's own handler. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
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
  /** 0 for a free port. */
  port: number;
  /** Accepted bearer tokens; required if other machines can connect. */
  tokens: readonly string[];
  /** Host names of this server, besides those of this machine. */
  allowedHosts: readonly string[];
}

/** An IPv6 address stands in brackets there. */
export const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const digest = (token: string): Buffer => createHash("sha256").update(token).digest();

/** @throws Error when others could connect without a token */
export async function serveHttp(
  factory: () => McpServer,
  { host, port, tokens, allowedHosts }: HttpOptions,
): Promise<Server> {
  const names = localhostAllowedHostnames();
  const isLoopback = names.includes(host) || host === "::1" || /^127(\.\d+){3}$/.test(host);
  if (!isLoopback && tokens.length === 0)
    throw new Error(
      `Listening on ${host}, where others can connect, needs tokens in VIX_MCP_TOKENS.`,
    );
  const allowed = [...names, hostInUrl(host), ...allowedHosts];
  const digests = tokens.map(digest);
  const handler = createMcpHandler(factory);

  const answer = async (request: Request): Promise<Response> => {
    const refused =
      hostHeaderValidationResponse(request, allowed) ?? originValidationResponse(request, allowed);
    if (refused) return refused;
    const [, token = ""] = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    const isKnown = digests.some((each) => timingSafeEqual(each, digest(token)));
    if (!isKnown && digests.length > 0) {
      const headers = { "www-authenticate": "Bearer" };
      return new Response("A bearer token is needed.\n", { status: 401, headers });
    }
    if (new URL(request.url).pathname !== "/mcp")
      return new Response("Not found.\n", { status: 404 });
    if (!isKnown) return handler.fetch(request);
    const clientId = digest(token).toString("hex").slice(0, 8);
    return handler.fetch(request, { authInfo: { token, clientId, scopes: [] } });
  };

  // Its type requires members that Node declares as possibly undefined.
  const server = createServer(toNodeHandler({ fetch: answer }) as RequestListener);
  server.listen(port, host);
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return server;
}

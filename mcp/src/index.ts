/**
 * `visionatrix-mcp`: the flows of a server as tools for agents.
 * @module visionatrix-mcp
 */
export { main } from "./main.js";
export type { ServerOptions } from "./calls.js";
export { createServerFactory } from "./server.js";
export { serveHttp, type HttpOptions } from "./http.js";

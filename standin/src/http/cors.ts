/** The CORS layer. The real server always has it, even if no origin is allowed. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { plain, type Reply } from "./reply.js";

const METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
const MAX_AGE_S = "600";

export class Cors {
  readonly #origins: ReadonlySet<string>;

  /** @param origins exact origins, or `*` among them */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** The response to a preflight, which needs no authentication; undefined for any other request. */
  preflight(req: IncomingMessage): Reply | undefined {
    const { origin } = req.headers;
    const method = req.headers["access-control-request-method"];
    if (req.method !== "OPTIONS" || origin === undefined || method === undefined) return undefined;
    if (!this.#allows(origin)) return plain("Disallowed CORS origin", 400);
    const asked = req.headers["access-control-request-headers"];
    const reply = plain("OK");
    return {
      ...reply,
      headers: {
        ...reply.headers,
        ...this.#grant(origin),
        "access-control-allow-methods": METHODS,
        "access-control-max-age": MAX_AGE_S,
        ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
      },
    };
  }

  /** Headers that an ordinary answer carries. */
  headersFor({ origin, cookie }: IncomingHttpHeaders): Record<string, string> {
    const vary = { vary: "Origin" };
    if (origin === undefined) return vary;
    const credentials = { ...vary, "access-control-allow-credentials": "true" };
    if (!this.#allows(origin)) return credentials;
    // The framework names the origin only for requests with cookies, as browsers require.
    if (this.#origins.has("*") && cookie === undefined) {
      return { ...credentials, "access-control-allow-origin": "*" };
    }
    return this.#grant(origin);
  }

  #allows(origin: string): boolean {
    return this.#origins.has("*") || this.#origins.has(origin);
  }

  #grant(origin: string): Record<string, string> {
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      vary: "Origin",
    };
  }
}

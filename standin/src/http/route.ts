/** Routes, and how a path is matched to one. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { App } from "../app.js";
import type { Endpoint, RequestFault } from "../faults/fault.js";
import type { User } from "../users.js";
import { HttpError } from "./errors.js";
import type { Reply } from "./reply.js";

/** A request on its way through a handler. */
export interface Context {
  readonly app: App;
  readonly req: IncomingMessage;
  /** Path without the query, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parts of the path that the route leaves open. */
  readonly params: readonly string[];
  readonly user: User;
  readonly body: Readable;
  /** The fault that strikes this request, for handlers that implement a part of it. */
  readonly fault: RequestFault | undefined;
  /** Records which tasks the request created. */
  noteTasks(ids: readonly number[]): void;
  /** Resets the connection at once, while the handler goes on. */
  loseAnswer(): void;
  /** Shuts the server down: it stops listening. */
  shutDown(): void;
  /** Waits, by the stand-in's clock. */
  pause(ms: number): Promise<void>;
}

/** How the description shows a query parameter. */
export interface QueryDoc {
  readonly name: string;
  readonly type: "integer" | "string" | "boolean";
  readonly default?: number | string | boolean;
}

export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Path with `{name}` for parts that are left open. */
  readonly path: string;
  readonly endpoint: Endpoint;
  /** For admins only. */
  readonly admin?: boolean;
  /** Its entry in the description; omitted where the real one has none. */
  readonly doc?: { readonly summary: string; readonly query?: readonly QueryDoc[] };
  handle(context: Context): Reply | Promise<Reply>;
}

interface Pattern {
  readonly expression: RegExp;
  readonly routes: Route[];
}

/** The route for a method and path, or how the real server refuses. */
export type Match =
  | { readonly found: Route; readonly params: readonly string[] }
  | { readonly found: undefined; readonly allow: string | undefined };

export class Router {
  readonly #exact = new Map<string, Route[]>();
  readonly #patterns: Pattern[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (!route.path.includes("{")) {
        const same = this.#exact.get(route.path);
        if (same === undefined) this.#exact.set(route.path, [route]);
        else same.push(route);
        continue;
      }
      const expression = new RegExp(`^${route.path.replace(/\{\w+\}/g, "([^/]+)")}$`);
      const same = this.#patterns.find((one) => one.expression.source === expression.source);
      if (same === undefined) this.#patterns.push({ expression, routes: [route] });
      else same.routes.push(route);
    }
  }

  match(method: string, path: string): Match {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return this.#choose(exact, method, []);
    for (const { expression, routes } of this.#patterns) {
      const found = expression.exec(path);
      if (found !== null) return this.#choose(routes, method, found.slice(1));
    }
    return { found: undefined, allow: undefined };
  }

  /** True if some route has this path, with any method. */
  has(path: string): boolean {
    return this.#exact.has(path) || this.#patterns.some((one) => one.expression.test(path));
  }

  #choose(routes: readonly Route[], method: string, params: readonly string[]): Match {
    const found = routes.find((route) => route.method === method);
    if (found !== undefined) return { found, params };
    // The real router names the methods of the first route of that path only.
    return { found: undefined, allow: routes[0]?.method };
  }
}

export function notFound(): HttpError {
  return new HttpError(404, "Not Found");
}

export function methodNotAllowed(allow: string): HttpError {
  return new HttpError(405, "Method Not Allowed", { allow });
}

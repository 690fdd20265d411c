/** The app's own web server: the page, and the proxy through which it reaches the server. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Proxy } from "../../proxy/index.js";
import { systemClock } from "../../time/clock.js";
import { cookieOf, isSame, strangerIn, type Asked } from "./access.js";
import type { Asset } from "./assets.js";
import { Login } from "./login.js";
import { appPage, closedPage, DOOR_CSS, passwordPage } from "./pages.js";

/** Path of the proxy, for the page. */
const MOUNT = "/api/vix/";

/** Headers of all responses by the app itself. */
const HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

export interface UiOptions {
  readonly proxy: Proxy;
  readonly assets: ReadonlyMap<string, Asset>;
  /** Shown on the page. */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** Gives access to browsers without a token; required when listening on the network. */
  readonly password: string | undefined;
  /** Host names of the app, besides those of this machine. */
  readonly names: readonly string[];
}

export interface Ui {
  readonly port: number;
  /** In an address, it gives a browser access for as long as the app runs. */
  readonly token: string;
  /** The same, but valid once: other users of the machine can see the command that opens a browser. */
  readonly onceToken: string;
  close(): void;
}

/** Starts the server. @throws Error of the platform when the port is taken */
export async function startUi(options: UiOptions): Promise<Ui> {
  const server = createServer();
  // Uploads proceed as fast as the server behind takes them.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const door = new Door(options, port);
  server.on("request", (request, response) => {
    // A client that disconnects early gets no response.
    door.answer(request, response).catch(() => response.destroy());
  });
  return { port, token: door.token, onceToken: door.onceToken, close: () => end(server) };
}

function end(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** Gives browsers access, and answers those that have it. */
class Door {
  readonly token = secret();
  readonly onceToken = secret();
  #once: string | undefined = this.onceToken;
  readonly #session = secret();
  readonly #cookie: string;
  readonly #names: ReadonlySet<string>;
  readonly #network: boolean;
  readonly #options: UiOptions;
  readonly #port: number;
  readonly #password: Login | undefined;

  constructor(options: UiOptions, port: number) {
    this.#options = options;
    this.#port = port;
    // Cookies do not distinguish ports of the same machine.
    this.#cookie = `vix-ui-${port}`;
    this.#names = new Set(options.names.map((name) => name.toLowerCase()));
    this.#network = options.password !== undefined;
    if (options.password !== undefined) this.#password = new Login(options.password, systemClock);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = addressOf(request);
    const asked: Asked = { method: request.method ?? "GET", path, headers: request.headers };
    const reply =
      this.#refusal(asked) ??
      this.#entry(asked, searchParams.get("token")) ??
      (path === "/login" && asked.method === "POST" ? await this.#login(request) : undefined) ??
      this.#closed(asked);
    if (reply) send(response, reply);
    else if (path.startsWith(MOUNT)) await this.#options.proxy.node(request, response);
    else send(response, this.#asset(asked));
  }

  /** The response to every request from a wrong source. */
  #refusal(asked: Asked): Reply | undefined {
    const stranger = strangerIn(asked, this.#port, this.#names, this.#network);
    return stranger && text(403, `Requests from other pages are refused (${stranger}).\n`);
  }

  /** Responses that need no cookie. */
  #entry({ method, path }: Asked, token: string | null): Reply | undefined {
    if (method !== "GET") return undefined;
    if (path === "/door.css") return text(200, DOOR_CSS, "text/css");
    return path === "/" && token !== null && this.#takes(token) ? this.#letIn() : undefined;
  }

  /** Responses to browsers without access. */
  #closed(asked: Asked): Reply | undefined {
    if (isSame(this.#session, cookieOf(asked, this.#cookie))) return undefined;
    if (asked.path !== "/") return text(401, "Open the address that vix ui printed.\n");
    return text(401, this.#network ? passwordPage() : closedPage(), "text/html");
  }

  #takes(token: string): boolean {
    if (isSame(this.token, token)) return true;
    if (this.#once === undefined || !isSame(this.#once, token)) return false;
    this.#once = undefined;
    return true;
  }

  /** Redirects to the address without the token, so that the browser's history does not keep it. */
  #letIn(): Reply {
    return {
      status: 303,
      body: "",
      headers: {
        location: "/",
        "set-cookie": `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`,
      },
    };
  }

  async #login(request: IncomingMessage): Promise<Reply> {
    switch (await this.#password?.check(request)) {
      case "right":
        return this.#letIn();
      case "wrong":
        return text(401, passwordPage("Wrong password."), "text/html");
      case "too many":
        return turnedAway(429, "Too many attempts: wait a moment.");
      case "too slow":
        return turnedAway(408, "The form took too long.");
      case undefined:
        return text(404, "This app has no password.\n");
    }
  }

  #asset({ method, path }: Asked): Reply {
    const { assets, server } = this.#options;
    const asset = assets.get(path === "/" ? "/index.html" : path);
    if (!asset || method !== "GET") return text(404, "Not found.\n");
    const { type, body } = asset;
    if (path === "/") return text(200, appPage(body.toString("utf8"), server), "text/html");
    // Their names contain a hash of their content.
    const kept = path.startsWith("/assets/") && {
      "cache-control": "private, max-age=31536000, immutable",
    };
    return { status: 200, body, headers: { "content-type": type, ...kept } };
  }
}

interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

function text(status: number, body: string, type = "text/plain"): Reply {
  return { status, body, headers: { "content-type": `${type}; charset=utf-8` } };
}

/** Ends the connection too, which may hold an unfinished form. */
function turnedAway(status: number, why: string): Reply {
  const { headers, ...reply } = text(status, passwordPage(why), "text/html");
  return { ...reply, headers: { ...headers, connection: "close" } };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, {
    ...HEADERS,
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

function addressOf({ url = "/" }: IncomingMessage): URL {
  try {
    return new URL(`http://page${url}`);
  } catch {
    return new URL("http://page/-");
  }
}

function secret(): string {
  return randomBytes(24).toString("base64url");
}

/** The listening socket and its connections. */
import { createServer, type Server, type ServerOptions, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { App } from "../app.js";
import { clearTimeout, setTimeout } from "../timers.js";
import { type Connection, Exchange, type ExchangeParts } from "./exchange.js";
import { reservePort } from "./reserve-port.js";

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** The stand-in cannot listen on the port; the message says why. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is already in use",
  EACCES: "needs more privileges",
  EADDRNOTAVAIL: "is not an address of this machine",
  ENOTFOUND: "has an unknown host name",
};

export class HttpServer {
  /** Handles its requests; can be replaced. */
  app: App;
  readonly #parts: Omit<ExchangeParts, "connection" | "app">;
  readonly #keepAliveMs: number;
  readonly #connections = new Map<Socket, Connection>();
  readonly #idle = new WeakMap<Socket, NodeJS.Timeout>();
  #count = 0;
  #server: Server | undefined;
  #address: AddressInfo | undefined;
  /** While it is offline: releases its port. */
  #release: Promise<() => Promise<void>> | undefined;

  constructor(app: App, parts: Omit<ExchangeParts, "connection" | "app">, keepAliveMs: number) {
    this.app = app;
    this.#parts = parts;
    this.#keepAliveMs = keepAliveMs;
  }

  get listening(): boolean {
    return this.#server !== undefined;
  }

  get port(): number {
    return this.#address?.port ?? 0;
  }

  /** Number of open connections. */
  get connections(): number {
    return this.#connections.size;
  }

  /** @throws ListenError */
  async listen({ host, port }: ListenOptions): Promise<void> {
    await this.#releasePort();
    const options: ServerOptions = {
      // Node adds a second to its time-out; the real server does not.
      keepAliveTimeout: 0,
      // Uploads have no time limit.
      requestTimeout: 0,
      headersTimeout: 60_000,
    };
    const server = createServer(options);
    server.on("connection", (socket) => this.#accept(socket));
    server.on("request", (req, res) => {
      const { socket } = req;
      this.#watchIdle(socket, res);
      const connection = this.#connections.get(socket) ?? { id: 0, bytesUsed: 0, open: 0 };
      new Exchange({ ...this.#parts, app: this.app, connection }, req, res)
        .run()
        .catch((error: unknown) => {
          // A bug of the stand-in must not look like a healthy server.
          process.emitWarning(error instanceof Error ? error : String(error));
          socket.destroy();
        });
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        const problem = LISTEN_PROBLEMS[error.code ?? ""] ?? `cannot be opened (${error.message})`;
        reject(new ListenError(`${host}:${port} ${problem}`, { cause: error }));
      });
      server.listen(port, host, () => resolve());
    });
    this.#address = server.address() as AddressInfo;
  }

  /** Closes every connection, idle or not. */
  dropConnections(): void {
    for (const socket of this.#connections.keys()) socket.resetAndDestroy();
  }

  /** Resets the connections that wait for a response. */
  dropBusyConnections(): void {
    for (const [socket, { open }] of this.#connections) if (open > 0) socket.resetAndDestroy();
  }

  /** Closes idle connections. */
  dropIdleConnections(): void {
    this.#server?.closeIdleConnections();
  }

  /** Stops listening and drops all connections. The port stays reserved until `listen` or `close`. */
  async goOffline(): Promise<void> {
    const address = this.#address;
    if (!this.listening || !address) return;
    this.#release = this.#stopListening().then(() => reservePort(address));
    await this.#release;
  }

  /** Stops listening and drops all connections. */
  async close(): Promise<void> {
    await this.#stopListening();
    await this.#releasePort();
  }

  async #releasePort(): Promise<void> {
    const release = await this.#release;
    this.#release = undefined;
    await release?.();
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      this.dropConnections();
    });
  }

  /** Closes a connection that stays idle after a response. */
  #watchIdle(socket: Socket, res: ServerResponse): void {
    clearTimeout(this.#idle.get(socket));
    res.once("finish", () => {
      const timer = setTimeout(() => socket.end(), this.#keepAliveMs);
      timer.unref();
      this.#idle.set(socket, timer);
    });
  }

  #accept(socket: Socket): void {
    if (this.app.faults.refusesConnection()) {
      socket.resetAndDestroy();
      return;
    }
    this.#count += 1;
    this.#connections.set(socket, { id: this.#count, bytesUsed: 0, open: 0 });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(this.#idle.get(socket));
      this.#connections.delete(socket);
    });
  }
}

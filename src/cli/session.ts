/** The context of a command: its output, its stop signal, and its server on demand. */
import type { Client, ClientOptions } from "../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import type { Interrupt } from "./interrupt.js";
import type { Output } from "./output.js";
import { serverSettings, type ServerOptions, type ServerSettings } from "./server/settings.js";
import type { Env } from "./terminal/streams.js";

/** How long clients may take for their last check for twins, in ms. */
const CLOSE_MS = 5000;

export class Session {
  readonly out: Output;
  readonly interrupt: Interrupt;
  readonly env: Env;
  readonly #options: ServerOptions;
  readonly #clients: Client[] = [];
  #settings: ServerSettings | undefined;

  constructor(out: Output, interrupt: Interrupt, env: Env, options: ServerOptions) {
    this.out = out;
    this.interrupt = interrupt;
    this.env = env;
    this.#options = options;
  }

  /** Aborted at the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.interrupt.signal;
  }

  /** Address and credentials. */
  settings(): ServerSettings {
    return (this.#settings ??= serverSettings(this.#options, this.env, (message) =>
      this.out.note(`vix: ${message}`),
    ));
  }

  /** A client of the server; sends no request yet. */
  async client(options: Partial<ClientOptions> = {}): Promise<Client> {
    const settings = this.settings();
    const { createClient } = await import("../index.js");
    const client = createClient({ ...settings, ...options });
    this.#clients.push(client);
    return client;
  }

  /** Closes the clients; their guards against twins check one last time. */
  async close(): Promise<void> {
    const closed = Promise.all(this.#clients.splice(0).map((client) => client.close()));
    await Promise.race([closed, sleep(CLOSE_MS)]);
  }
}

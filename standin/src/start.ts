/** Starts a stand-in and implements its methods. */
import type { App } from "./app.js";
import { assemble, type Assembly, emptyDataFolder } from "./assemble.js";
import { RealClock, VirtualClock } from "./clock.js";
import { controlHandler } from "./control.js";
import type { Fault } from "./faults/fault.js";
import type { FaultState } from "./faults/script.js";
import { loadFlows } from "./flows/catalog.js";
import type { Flow } from "./flows/flow.js";
import { addHistory } from "./history.js";
import { Cors } from "./http/cors.js";
import { RequestLog, type RequestRecord } from "./http/record.js";
import { Router } from "./http/route.js";
import { HttpServer } from "./http/server.js";
import { reachableHost } from "./http/reachable-host.js";
import { checkOptions, type StandinOptions } from "./options.js";
import { routes } from "./routes/index.js";
import type { RestartOptions, Standin } from "./standin.js";
import { clearInterval, setInterval } from "./timers.js";
import type { WebhookRecord } from "./webhooks.js";

const CONTROL_PATH = "/_standin";

class RunningStandin implements Standin {
  readonly #options: StandinOptions;
  readonly #catalog: readonly Flow[];
  readonly #clock: RealClock | VirtualClock;
  readonly #server: HttpServer;
  readonly #log: RequestLog;
  readonly #host: string;
  #parts: Assembly;
  #closed: Promise<void> | undefined;

  constructor(options: StandinOptions) {
    this.#options = options;
    this.#clock = options.clock === "virtual" ? new VirtualClock() : new RealClock();
    this.#catalog = loadFlows(options);
    this.#parts = assemble(options, this.#catalog, this.#clock);
    this.#host = options.host ?? "127.0.0.1";
    this.#log = new RequestLog(options.recordLimit ?? 10_000);
    const controlPath = options.control === true ? CONTROL_PATH : options.control || undefined;
    this.#server = new HttpServer(
      this.#app,
      {
        router: new Router(routes),
        cors: new Cors(options.corsOrigins ?? []),
        log: this.#log,
        recordBodies: options.recordBodies ?? 0,
        control: controlPath === undefined ? undefined : controlHandler(controlPath, () => this),
        restart: (how) => void this.restart(how),
        shutDown: () => this.#clock.track(this.#shutDown()),
      },
      options.keepAliveMs ?? 5000,
    );
  }

  get #app(): App {
    return this.#parts.app;
  }

  async listen(port: number): Promise<void> {
    await this.#server.listen({ host: this.#host, port });
  }

  get url(): string {
    const host = reachableHost(this.#host);
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  get port(): number {
    return this.#server.port;
  }

  get requests(): readonly RequestRecord[] {
    return this.#log.list();
  }

  get webhooks(): readonly WebhookRecord[] {
    return this.#app.webhooks.records;
  }

  get faults(): readonly FaultState[] {
    return this.#app.faults.list();
  }

  get connections(): number {
    return this.#server.connections;
  }

  get clock(): VirtualClock {
    if (this.#clock instanceof VirtualClock) return this.#clock;
    throw new Error(
      'the stand-in runs in real time; start it with clock: "virtual" to move its clock',
    );
  }

  addFaults(...faults: readonly Fault[]): void {
    this.#app.faults.add(...faults);
  }

  clearFaults(): void {
    this.#app.faults.clear();
  }

  clearRequests(): void {
    this.#log.clear();
  }

  dropConnections(): void {
    this.#server.dropConnections();
  }

  dropIdleConnections(): void {
    this.#server.dropIdleConnections();
  }

  async restart({ downMs = 0, release = false }: RestartOptions = {}): Promise<void> {
    await this.goOffline();
    this.#app.engine.interrupt({ release });
    if (downMs > 0) {
      // While the server does not listen, only this timer keeps the process alive.
      const awake = setInterval(() => undefined, 60_000);
      await new Promise<void>((resolve) => void this.#clock.after(downMs, resolve));
      clearInterval(awake);
    }
    if (this.#closed !== undefined) return;
    this.#app.startedAt = this.#clock.now();
    this.#app.described.clear();
    await this.goOnline();
  }

  /** Running tasks stay locked. */
  async #shutDown(): Promise<void> {
    this.#app.engine.interrupt({ release: false });
    await this.goOffline();
  }

  async reset(): Promise<void> {
    if (this.#closed !== undefined) throw new Error("the stand-in is closed");
    const { data } = this.#options;
    this.#server.dropBusyConnections();
    this.#parts.close();
    this.#clock.reset();
    this.#parts.cleanUp();
    if (data !== undefined) emptyDataFolder(data);
    this.#log.reset();
    this.#parts = assemble(this.#options, this.#catalog, this.#clock);
    this.#server.app = this.#app;
    await this.fillHistory();
    if (!this.#server.listening) await this.goOnline();
  }

  /** Makes the finished tasks that the options ask for, unless there are tasks already. */
  async fillHistory(): Promise<void> {
    await addHistory(this.#app, this.#options.history);
  }

  goOffline(): Promise<void> {
    return this.#server.goOffline();
  }

  goOnline(): Promise<void> {
    return this.listen(this.port);
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #stop(): Promise<void> {
    this.#parts.close();
    await this.#server.close();
    this.#parts.cleanUp();
  }
}

/**
 * Starts a stand-in for a Visionatrix server. It behaves like the server but has no GPU and makes no AI
 * images: pictures are drawn by a program.
 *
 * @throws OptionError, DescriptionError, FaultError or ListenError, each with a message that says what to do
 */
export async function startStandin(options: StandinOptions = {}): Promise<Standin> {
  checkOptions(options);
  const standin = new RunningStandin(options);
  await standin.fillHistory();
  await standin.listen(options.port ?? 0);
  return standin;
}

/** Puts a stand-in together and starts it. */
import { join } from "node:path";
import type { App } from "./app.js";
import { BlobStore } from "./blobs.js";
import { RealClock, VirtualClock } from "./clock.js";
import { controlHandler } from "./control.js";
import { Engine } from "./engine/engine.js";
import type { Fault } from "./faults/fault.js";
import { FaultScript, type FaultState } from "./faults/script.js";
import { loadFlows } from "./flows/catalog.js";
import type { Flow } from "./flows/flow.js";
import { FlowShelf } from "./flows/shelf.js";
import { Cors } from "./http/cors.js";
import { RequestLog, type RequestRecord } from "./http/record.js";
import { Router } from "./http/route.js";
import { HttpServer } from "./http/server.js";
import { checkOptions, OptionError, type StandinOptions } from "./options.js";
import { hash, randomFrom } from "./random.js";
import { routes } from "./routes/index.js";
import { Journal } from "./tasks/journal.js";
import { TaskStore } from "./tasks/store.js";
import type { Standin } from "./standin.js";
import { clearInterval, setInterval } from "./timers.js";
import { Users } from "./users.js";
import { type WebhookRecord, Webhooks } from "./webhooks.js";
import { WorkerRegistry } from "./workers.js";

const INSTANT_PICTURE_SIDE = 256;
const INSTANT_TUNE_SECONDS = 2;
const DEFAULT_DURATION_MS = 2000;
const CONTROL_PATH = "/_standin";

function flowsOf(options: StandinOptions): readonly Flow[] {
  const { outputs = {} } = options;
  return loadFlows(options.flows).map((flow) => {
    const own = Object.hasOwn(outputs, flow.id) ? outputs[flow.id] : undefined;
    return own === undefined ? flow : { ...flow, outputs: own };
  });
}

interface OpenStore {
  readonly blobs: BlobStore;
  readonly store: TaskStore;
  readonly journal: Journal | undefined;
}

function openStore(data: string | undefined): OpenStore {
  try {
    const blobs = new BlobStore(data === undefined ? undefined : join(data, "files"));
    const store = new TaskStore(blobs);
    return {
      blobs,
      store,
      journal: data === undefined ? undefined : new Journal(data, store, blobs),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new OptionError(`the data folder ${data ?? ""} cannot be used (${code})`, {
      cause: error,
    });
  }
}

class RunningStandin implements Standin {
  readonly #app: App;
  readonly #server: HttpServer;
  readonly #log: RequestLog;
  readonly #host: string;
  readonly #clock: RealClock | VirtualClock;
  readonly #journal: Journal | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: StandinOptions) {
    const clock = options.clock === "virtual" ? new VirtualClock() : new RealClock();
    const seed = options.seed ?? 1;
    const random = randomFrom(hash(`seeds ${seed}`));
    const flows = new FlowShelf(flowsOf(options), clock.now());
    const { blobs, store, journal } = openStore(options.data);
    this.#journal = journal;
    const faults = new FaultScript(seed);
    faults.add(...(options.faults ?? []));
    const workers = new WorkerRegistry();
    const webhooks = new Webhooks({ clock, faults, store });
    const instant = options.speed === "instant";
    const engine = new Engine(
      {
        clock,
        store,
        flows,
        faults,
        workers,
        webhooks,
        random: (task) => randomFrom(hash(`duration ${seed} ${task}`))(),
      },
      {
        workers: options.workers ?? 1,
        speed: options.speed === "instant" ? Infinity : (options.speed ?? 1),
        duration: options.duration ?? DEFAULT_DURATION_MS,
        steps: options.steps,
        render: {
          maxSide: options.maxPictureSide ?? (instant ? INSTANT_PICTURE_SIDE : Infinity),
          maxSeconds: instant ? INSTANT_TUNE_SECONDS : Infinity,
        },
      },
    );
    this.#app = {
      clock,
      blobs,
      store,
      flows,
      users: new Users(options.auth),
      faults,
      workers,
      engine,
      webhooks,
      binary: options.binary ?? "contentMediaType",
      settings: new Map<string, string>(),
      describedFlows: [],
      startedAt: clock.now(),
      random,
    };
    this.#clock = clock;
    this.#host = options.host ?? "127.0.0.1";
    this.#log = new RequestLog(options.recordLimit ?? 10_000);
    const controlPath = options.control === true ? CONTROL_PATH : options.control || undefined;
    this.#server = new HttpServer(
      {
        app: this.#app,
        router: new Router(routes),
        cors: new Cors(options.corsOrigins ?? []),
        log: this.#log,
        recordBodies: options.recordBodies ?? 0,
        control: controlPath === undefined ? undefined : controlHandler(controlPath, () => this),
        restart: (how) => void this.restart(how),
      },
      options.keepAliveMs ?? 5000,
    );
  }

  async listen(port: number): Promise<void> {
    await this.#server.listen({ host: this.#host, port });
  }

  get url(): string {
    const wild = this.#host === "0.0.0.0" || this.#host === "::";
    const host = wild ? "127.0.0.1" : this.#host;
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

  async restart({
    downMs = 0,
    crash = false,
  }: { downMs?: number; crash?: boolean } = {}): Promise<void> {
    await this.goOffline();
    this.#app.engine.interrupt(crash);
    if (downMs > 0) {
      // With nothing listening, nothing else would keep the process from ending.
      const awake = setInterval(() => undefined, 60_000);
      await new Promise<void>((resolve) => void this.#clock.after(downMs, resolve));
      clearInterval(awake);
    }
    if (this.#closed !== undefined) return;
    this.#app.startedAt = this.#clock.now();
    await this.goOnline();
  }

  goOffline(): Promise<void> {
    return this.#server.close();
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
    this.#app.engine.close();
    this.#app.webhooks.close();
    await this.#server.close();
    this.#journal?.close();
    this.#app.blobs.close();
  }
}

/**
 * Starts a stand-in for a Visionatrix server. It behaves like the server but has no GPU and makes no AI
 * images: pictures are drawn by a program.
 *
 * @throws OptionError, DescriptionError, FaultError or ListenError, each with a sentence that says what to change
 */
export async function startStandin(options: StandinOptions = {}): Promise<Standin> {
  checkOptions(options);
  const standin = new RunningStandin(options);
  await standin.listen(options.port ?? 0);
  return standin;
}

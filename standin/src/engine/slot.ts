/** A built-in worker: its current task, and its entry in the list of workers. */
import type { Clock, Timer } from "../clock.js";
import type { Task } from "../tasks/task.js";
import { type WorkerDetails, workerIdOf, type WorkerRegistry } from "../workers.js";

/** The owner of the embedded workers, as on the real server. */
const WORKER_USER = "admin";

export interface Run {
  readonly task: Task;
  readonly startedAt: number;
  timer: Timer | undefined;
  over: boolean;
}

/** Gives each worker its own device, and so its own id. */
export interface Devices {
  next(): number;
}

export class Slot {
  readonly #workers: WorkerRegistry;
  readonly #clock: Clock;
  readonly #devices: Devices;
  #details: WorkerDetails;
  #id: string;
  run: Run | undefined;
  lastFlow: string | undefined;

  constructor(workers: WorkerRegistry, clock: Clock, devices: Devices) {
    this.#workers = workers;
    this.#clock = clock;
    this.#devices = devices;
    this.#details = this.#newDetails();
    this.#id = this.#register();
  }

  get id(): string {
    return this.#id;
  }

  /** Reports that it is alive and has work. */
  takesWork(): void {
    this.#workers.seen(this.#id, WORKER_USER, this.#details, this.#clock.now()).emptyRequests = 0;
  }

  /** Reports that it is alive. */
  isSeen(): void {
    this.#workers.seen(this.#id, WORKER_USER, this.#details, this.#clock.now());
  }

  /** Reports that it asked for work and got none. */
  isIdle(): void {
    this.#workers.idle(this.#id, this.#clock.now());
  }

  /** The worker stops reporting; another worker replaces it. */
  replace(): void {
    this.run = undefined;
    this.#details = this.#newDetails();
    this.#id = this.#register();
  }

  #newDetails(): WorkerDetails {
    return {
      worker_version: "stand-in",
      system: { hostname: "stand-in", os: "none", version: "0", embedded_python: false },
      devices: [{ name: "no GPU", index: this.#devices.next() }],
    };
  }

  #register(): string {
    const id = workerIdOf(WORKER_USER, this.#details) ?? "";
    this.#workers.seen(id, WORKER_USER, this.#details, this.#clock.now());
    this.#workers.idle(id, this.#clock.now());
    return id;
  }
}

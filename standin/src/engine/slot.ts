/** A worker of the stand-in's own: what it is at, and how it shows among the workers. */
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

/** Gives each worker a device of its own, and so an id. */
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

  /** Shows that it lives, and has got work. */
  takesWork(): void {
    this.#workers.seen(this.#id, WORKER_USER, this.#details, this.#clock.now()).emptyRequests = 0;
  }

  /** Shows that it lives. */
  isSeen(): void {
    this.#workers.seen(this.#id, WORKER_USER, this.#details, this.#clock.now());
  }

  /** Shows that it asks for work and gets none. */
  isIdle(): void {
    this.#workers.idle(this.#id, this.#clock.now());
  }

  /** The worker is heard of no more; another takes its place. */
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

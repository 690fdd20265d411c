/** Known workers: those of the stand-in, and real ones that have called. */

/** A worker's own description. */
export interface WorkerDetails {
  readonly worker_version: string;
  readonly system: {
    readonly hostname: string;
    readonly os: string;
    readonly version: string;
    readonly embedded_python: boolean;
  };
  readonly devices: readonly WorkerDevice[];
  readonly engine_details?: unknown;
  readonly pytorch_version?: string;
  readonly ram_total?: number;
  readonly ram_free?: number;
}

export interface WorkerDevice {
  readonly name: string;
  readonly type?: string;
  readonly index?: number;
  readonly vram_total?: number;
  readonly vram_free?: number;
  readonly torch_vram_total?: number;
  readonly torch_vram_free?: number;
}

/** Engine options that can be set for a worker. */
export interface WorkerSettings {
  readonly smart_memory: boolean;
  readonly cache_type: string;
  readonly cache_size: number;
  readonly vae_cpu: boolean;
  readonly reserve_vram: number;
}

const STANDARD_SETTINGS: WorkerSettings = {
  smart_memory: true,
  cache_type: "classic",
  cache_size: 1,
  vae_cpu: false,
  reserve_vram: 0.6,
};

export interface Worker {
  readonly id: string;
  readonly user: string;
  details: WorkerDetails;
  /** Milliseconds since 1970. */
  lastSeen: number;
  tasksToGive: readonly string[];
  emptyRequests: number;
  /** When a built-in worker became idle, in ms since 1970. */
  idleSince: number | undefined;
  lastAsked: readonly string[];
  settings: WorkerSettings;
}

/** `{user}:{hostname}:[{device}]:{index}`; undefined for a worker without a device. */
export function workerIdOf(user: string, details: WorkerDetails): string | undefined {
  const device = details.devices[0];
  if (device === undefined) return undefined;
  return `${user}:${details.system.hostname}:[${device.name}]:${device.index ?? 0}`;
}

/** Polling interval of an idle worker. */
const ASK_MS = 1000;

export class WorkerRegistry {
  readonly #workers = new Map<string, Worker>();

  get(id: string, now: number): Worker | undefined {
    const worker = this.#workers.get(id);
    return worker && this.#catchUp(worker, now);
  }

  all(now: number): Worker[] {
    return [...this.#workers.values()].map((worker) => this.#catchUp(worker, now));
  }

  /** Records a sign of life of a worker. */
  seen(id: string, user: string, details: WorkerDetails, now: number): Worker {
    let worker = this.#workers.get(id);
    if (worker === undefined) {
      worker = {
        id,
        user,
        details,
        lastSeen: now,
        tasksToGive: [],
        emptyRequests: 0,
        idleSince: undefined,
        lastAsked: [],
        settings: STANDARD_SETTINGS,
      };
      this.#workers.set(id, worker);
    }
    worker.details = details;
    worker.lastSeen = now;
    worker.idleSince = undefined;
    return worker;
  }

  /** Marks a built-in worker as idle. From then on it counts as polling all the time. */
  idle(id: string, now: number): void {
    const worker = this.#workers.get(id);
    if (worker === undefined) return;
    worker.idleSince = now;
    worker.emptyRequests = 1;
  }

  /** Updates the sign of life of the built-in workers that are idle. */
  #catchUp(worker: Worker, now: number): Worker {
    if (worker.idleSince === undefined) return worker;
    const asked = Math.max(0, Math.floor((now - worker.idleSince) / ASK_MS));
    worker.emptyRequests = 1 + asked;
    worker.lastSeen = worker.idleSince + asked * ASK_MS;
    return worker;
  }

  remove(id: string): void {
    this.#workers.delete(id);
  }
}

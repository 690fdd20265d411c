/** Workers that have shown themselves: those of the stand-in and real ones that called. */

/** What a worker says of itself. */
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

export interface Worker {
  readonly id: string;
  readonly user: string;
  details: WorkerDetails;
  /** Milliseconds since 1970. */
  lastSeen: number;
  tasksToGive: readonly string[];
  emptyRequests: number;
  lastAsked: readonly string[];
}

/** `{user}:{hostname}:[{device}]:{index}`; undefined for a worker without a device. */
export function workerIdOf(user: string, details: WorkerDetails): string | undefined {
  const device = details.devices[0];
  if (device === undefined) return undefined;
  return `${user}:${details.system.hostname}:[${device.name}]:${device.index ?? 0}`;
}

export class WorkerRegistry {
  readonly #workers = new Map<string, Worker>();

  get(id: string): Worker | undefined {
    return this.#workers.get(id);
  }

  all(): Worker[] {
    return [...this.#workers.values()];
  }

  /** Notes that a worker was heard of. */
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
        lastAsked: [],
      };
      this.#workers.set(id, worker);
    }
    worker.details = details;
    worker.lastSeen = now;
    return worker;
  }

  remove(id: string): void {
    this.#workers.delete(id);
  }
}

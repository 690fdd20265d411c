/** Which flows are installed, and which could be. */
import type { Flow } from "./flow.js";

export interface InstallRecord {
  readonly flow: Flow;
  readonly progress: number;
  readonly startedAt: number;
  readonly updatedAt: number;
}

export class FlowShelf {
  readonly #catalog: ReadonlyMap<string, Flow>;
  readonly #installed: Map<string, Flow>;
  readonly #records = new Map<string, InstallRecord>();

  constructor(flows: readonly Flow[], startedAt: number) {
    this.#catalog = new Map(flows.map((flow) => [flow.id, flow]));
    this.#installed = new Map(this.#catalog);
    for (const flow of flows) this.#record(flow, startedAt);
  }

  /** An installed flow. The name must match to the letter. */
  get(id: string): Flow | undefined {
    return this.#installed.get(id);
  }

  installed(): Flow[] {
    return [...this.#installed.values()];
  }

  notInstalled(): Flow[] {
    return [...this.#catalog.values()].filter((flow) => !this.#installed.has(flow.id));
  }

  records(): InstallRecord[] {
    return [...this.#records.values()];
  }

  /** @returns false if no catalogue has it */
  install(id: string, now: number): boolean {
    const flow = this.#catalog.get(id);
    if (flow === undefined) return false;
    this.#installed.set(id, flow);
    this.#record(flow, now);
    return true;
  }

  uninstall(id: string): void {
    this.#installed.delete(id);
    this.#records.delete(id);
  }

  /** @returns false if there is no such record */
  forgetRecord(id: string): boolean {
    return this.#records.delete(id);
  }

  #record(flow: Flow, now: number): void {
    this.#records.set(flow.id, { flow, progress: 100, startedAt: now, updatedAt: now });
  }
}
